import { everyItem, type Resolve, type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";

type MeTools = {
  client(): Resolve;
  show<T>(result: T, lines: (result: T) => string[]): void;
};

/** `resolve me`, `join` and `sign-out`: the person whose access token is used. */
export const addMeCommands = (program: Command, { client, show }: MeTools): void => {
  program
    .command("me")
    .description("the person who is signed in, with the role in each tenant")
    .option("--name <name>", "change how the tenant of the request names you")
    .action(async ({ name }: { name?: string }) => {
      const me =
        name === undefined ? client().GET("/api/v1/users/me") : client().PATCH("/api/v1/users/me", { body: { name } });
      show(await unwrap(me), meLines);
    });
  program
    .command("join")
    .description("the invitations of your address; with one of them, become a member of its tenant")
    .argument("[invitation]", "its id (inv_…), or the token of the mail (rsi_…)")
    .action(async (invitation?: string) => {
      if (invitation === undefined) return show(await myInvitations(client()), invitationLines);
      const body = invitation.startsWith("rsi_") ? { token: invitation } : { invitationId: invitation };
      const joined = await unwrap(client().POST("/api/v1/invitations/accept", { body }));
      show(joined, ({ tenantId, user }) => [`joined ${tenantId} as ${user.role}`]);
    });
  program
    .command("sign-out")
    .description("end all sessions of the person, on every device within 30 seconds")
    .action(async () => {
      await unwrap(client().POST("/api/v1/users/me/sign-out"));
      show({ signedOut: true }, () => ["signed out"]);
    });
};

const meLines = ({ id, email, memberships }: Schemas["Me"]): string[] => [
  `${id}  ${email}`,
  ...memberships.flatMap(({ tenantId, tenantName, role, status, name, tenantSuspension }) => [
    `  ${tenantId}  ${tenantName}  ${role}  ${status}  ${name ?? ""}`.trimEnd(),
    ...(tenantSuspension ? [`    suspended since ${tenantSuspension.since}: ${tenantSuspension.reason}`] : []),
  ]),
];

const myInvitations = (client: Resolve): Promise<Schemas["MyInvitation"][]> =>
  Array.fromAsync(
    everyItem((cursor) =>
      unwrap(client.GET("/api/v1/users/me/invitations", { params: { query: cursor ? { cursor } : {} } })),
    ),
  );

const invitationLines = (invitations: Schemas["MyInvitation"][]): string[] =>
  invitations.length === 0
    ? ["no invitation is open"]
    : invitations.map(
        ({ id, tenantName, role, expiresAt }) => `${id}  ${tenantName}  ${role}  until ${expiresAt.slice(0, 10)}`,
      );
