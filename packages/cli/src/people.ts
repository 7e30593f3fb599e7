import { type Schemas, unwrap } from "@resolve/sdk";
import { type Command, Option } from "commander";
import type { JobTools } from "./jobs.ts";
import { showFirst } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show">;
type User = Schemas["User"];
type Invitation = Schemas["Invitation"];
type Role = User["role"];

const roles = ["tenant_admin", "user", "readonly"] as const;

/** `resolve users …` and `invitations …`: the people of the tenant, and those who are invited. */
export const addPeopleCommands = (program: Command, tools: Tools): void => {
  addUserCommands(program, tools);
  addInvitationCommands(program, tools);
};

const addUserCommands = (program: Command, { client, show }: Tools): void => {
  const group = program.command("users").description("the members of the tenant");
  const change = async (id: string, body: Schemas["UserChanges"]) =>
    show(await unwrap(client().PATCH("/api/v1/users/{userId}", { ...user(id), body })), userLines);

  group
    .command("list")
    .description("list members, newest first; removed ones only with --status removed")
    .addOption(new Option("--role <role>").choices([...roles, "admin"]))
    .addOption(new Option("--status <status>").choices(["active", "suspended", "removed"]))
    .action((filter: { role?: Role; status?: User["status"] }) =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (page) => unwrap(client().GET("/api/v1/users", { params: { query: { ...page, ...filter } } })),
        (found) => show(found, userLines),
      ),
    );
  group
    .command("show")
    .description("one member")
    .argument("<user>")
    .action(async (id: string) => show(await unwrap(client().GET("/api/v1/users/{userId}", user(id))), userLines));
  group
    .command("role")
    .description("give a member another role, within 30 seconds everywhere")
    .argument("<user>")
    .argument("<role>", roles.join(", "))
    .action((id: string, role: Role) => change(id, { role }));
  group
    .command("suspend")
    .description("let a member do nothing in the tenant until the membership is resumed")
    .argument("<user>")
    .action((id: string) => change(id, { status: "suspended" }));
  group
    .command("resume")
    .description("end the suspension of a member")
    .argument("<user>")
    .action((id: string) => change(id, { status: "active" }));
  group
    .command("remove")
    .description("remove a member; documents stay, and the API keys that the member created are revoked")
    .argument("<user>")
    .option("--keep-keys", "leave the keys; rotate them, because the person has seen their secrets")
    .action(async (userId: string, { keepKeys = false }: { keepKeys?: boolean }) => {
      const params = { path: { userId }, query: { apiKeys: keepKeys ? ("keep" as const) : ("revoke" as const) } };
      await unwrap(client().DELETE("/api/v1/users/{userId}", { params }));
      show({ id: userId }, () => [`${userId} is removed`]);
    });
};

const addInvitationCommands = (program: Command, { client, show }: Tools): void => {
  const group = program.command("invitations").description("people who are invited to the tenant");
  group
    .command("list")
    .description("list invitations, newest first")
    .addOption(new Option("--status <status>").choices(["pending", "accepted", "withdrawn", "expired"]))
    .action((filter: { status?: Invitation["status"] }) =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (page) => unwrap(client().GET("/api/v1/invitations", { params: { query: { ...page, ...filter } } })),
        (found) => show(found, invitationLines),
      ),
    );
  group
    .command("invite")
    .description("invite a person by mail; the invitation is valid for seven days")
    .argument("<email>")
    .addOption(new Option("--role <role>").choices(roles).default("user"))
    .option("--name <name>", "as the tenant names the person")
    .action(async (email: string, options: { role: Role; name?: string }) => {
      const { invitation } = await unwrap(client().POST("/api/v1/invitations", { body: { email, ...options } }));
      show(invitation, invitationLines);
    });
  group
    .command("resend")
    .description("send an invitation again with a new token, for seven more days")
    .argument("<invitation>")
    .action(async (id: string) =>
      show(await unwrap(client().POST("/api/v1/invitations/{invitationId}/resend", invitation(id))), invitationLines),
    );
  group
    .command("withdraw")
    .description("make an invitation void")
    .argument("<invitation>")
    .action(async (id: string) => {
      await unwrap(client().DELETE("/api/v1/invitations/{invitationId}", invitation(id)));
      show({ id }, () => [`${id} is withdrawn`]);
    });
};

const user = (userId: string) => ({ params: { path: { userId } } });
const invitation = (invitationId: string) => ({ params: { path: { invitationId } } });

const userLines = ({ id, role, status, email, name }: User): string[] => [
  `${id}  ${status.padEnd(9)}  ${role.padEnd(12)}  ${email}  ${name ?? ""}`.trimEnd(),
];
const invitationLines = ({ id, role, status, email, expiresAt, sendFailure }: Invitation): string[] => [
  `${id}  ${status.padEnd(9)}  ${role.padEnd(12)}  ${email}${status === "pending" ? `  until ${expiresAt.slice(0, 10)}` : ""}`,
  ...(sendFailure ? [`    the mail was not sent: ${sendFailure}`] : []),
];
