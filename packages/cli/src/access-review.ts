import { everyItem, type Resolve, type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";
import { keyState } from "./keys.ts";
import { pageAfter } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show"> & { print(line: string): void };
type Collection = Schemas["Collection"];

/** Who may act in the tenant: a member, somebody who is invited, or an API key. Null where the kind has no such value. */
type Access = {
  kind: "user" | "invitation" | "apiKey";
  id: string;
  name: string | null;
  email: string | null;
  role: string;
  status: string;
  /** Of a key with scopes; null: all of the role. */
  permissions: string[] | null;
  groups: string[];
  /** Collections whose access lists name it, its role or one of its groups. */
  namedByCollections: string[];
  /** The only collections that a key sees; null: no limit. */
  onlyCollections: string[] | null;
  onlyAddresses: string[] | null;
  createdAt: string | null;
  lastUsedAt: string | null;
  expiresAt: string | null;
};

/** `resolve access-review`: everybody and everything that may act in the tenant. */
export const addAccessReviewCommand = (program: Command, { client, show, print }: Tools): void => {
  program
    .command("access-review")
    .description("who may do what in the tenant: members, invitations and API keys, with roles, groups and collections")
    .option("--csv", "as a table for a spreadsheet")
    .action(async ({ csv }: { csv?: true }) => {
      const all = await review(client());
      if (csv) for (const line of csvLines(all)) print(line);
      else show(all, (found) => found.map(accessLine));
    });
};

const review = async (api: Resolve): Promise<Access[]> => {
  const groups = await groupsByMember(api);
  const collections = await all((query) => unwrap(api.GET("/api/v1/collections", { params: { query } })));
  const nameOf = new Map(collections.map(({ id, name }) => [id, name]));
  const nothing = { permissions: null, onlyCollections: null, onlyAddresses: null, lastUsedAt: null, expiresAt: null };
  const reach = (id: string, role: string) => {
    const mine = groups.get(id) ?? [];
    const lists = collections.filter(({ access }) => isNamed(access, id, role, mine));
    return { groups: mine.map(({ name }) => name), namedByCollections: lists.map(({ name }) => name) };
  };
  const users = await all((query) => unwrap(api.GET("/api/v1/users", { params: { query } })));
  const invitations = await all((query) =>
    unwrap(api.GET("/api/v1/invitations", { params: { query: { ...query, status: "pending" } } })),
  );
  const keys = await all((query) => unwrap(api.GET("/api/v1/api-keys", { params: { query } })));
  return [
    ...users.map(({ id, name, email, role, status, joinedAt }) => {
      const person = { kind: "user", id, name, email, role, status, createdAt: joinedAt } as const;
      return { ...nothing, ...person, ...reach(id, role) };
    }),
    ...invitations.map(({ id, name, email, role, status, createdAt, expiresAt }) => {
      const invited = { kind: "invitation", id, name, email, role, status, createdAt, expiresAt } as const;
      return { ...nothing, ...invited, groups: [], namedByCollections: [] };
    }),
    ...keys
      .filter((key) => keyState(key) === "valid")
      .map(({ id, name, role, scopes, collections, addresses, createdAt, lastUsedAt, expiresAt }) => {
        const key = { kind: "apiKey", id, name, email: null, role, status: "valid", createdAt, lastUsedAt } as const;
        const onlyCollections = collections?.map((one) => nameOf.get(one) ?? one) ?? null;
        return {
          ...key,
          expiresAt,
          permissions: scopes,
          onlyCollections,
          onlyAddresses: addresses,
          ...reach(id, role),
        };
      }),
  ];
};

type Group = Pick<Schemas["Group"], "id" | "name">;
const groupsByMember = async (api: Resolve): Promise<Map<string, Group[]>> => {
  const byMember = new Map<string, Group[]>();
  for (const { id, name } of await all((query) => unwrap(api.GET("/api/v1/groups", { params: { query } }))))
    for (const member of await all((query) =>
      unwrap(api.GET("/api/v1/groups/{groupId}/members", { params: { path: { groupId: id }, query } })),
    ))
      byMember.set(member.id, [...(byMember.get(member.id) ?? []), { id, name }]);
  return byMember;
};

const isNamed = (access: Collection["access"], id: string, role: string, groups: Group[]): boolean =>
  [...(access.userIds ?? []), ...(access.apiKeyIds ?? [])].includes(id) ||
  ((access.roles ?? []) as string[]).includes(role) ||
  groups.some((group) => access.groupIds?.includes(group.id));

const all = <T>(
  read: (query: ReturnType<typeof pageAfter>) => Promise<{ data: T[]; nextCursor: string | null }>,
): Promise<T[]> => Array.fromAsync(everyItem((cursor) => read(pageAfter(cursor))));

const accessLine = ({ kind, id, name, email, role, status, permissions, groups, lastUsedAt }: Access): string => {
  const limits = permissions ? `  only ${permissions.join(", ")}` : "";
  const used = kind === "apiKey" ? `  used ${lastUsedAt?.slice(0, 10) ?? "never"}` : "";
  const inGroups = groups.length > 0 ? `  in ${groups.join(", ")}` : "";
  return `${kind.padEnd(10)}  ${id}  ${role.padEnd(12)}  ${status.padEnd(9)}  ${email ?? name}${limits}${inGroups}${used}`;
};

const columns = [
  ...["kind", "id", "name", "email", "role", "status", "permissions", "groups", "namedByCollections"],
  ...["onlyCollections", "onlyAddresses", "createdAt", "lastUsedAt", "expiresAt"],
] as (keyof Access)[];

/** RFC 4180. */
const csvLines = (rows: Access[]): string[] => [
  columns.join(","),
  ...rows.map((row) => columns.map((column) => cell([row[column]].flat().join("; "))).join(",")),
];

/** People name themselves: a spreadsheet must not take a name for a formula. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
