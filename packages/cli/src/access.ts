import { everyItem, type Resolve, type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";
import { pageAfter, showFirst } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show">;
type Readers = NonNullable<Schemas["NewCollection"]["access"]>;
type Named = { role?: Readers["roles"]; key?: string[]; user?: string[]; group?: string[]; everybody?: boolean };

/** `resolve roles`, `explain`, `groups …` and `collections …`: who may do and see what. */
export const addAccessCommands = (program: Command, tools: Tools): void => {
  addRoleCommands(program, tools);
  addGroupCommands(program, tools);
  addCollectionCommands(program, tools);
};

const addGroupCommands = (program: Command, { client, show }: Tools): void => {
  const groups = program.command("groups").description("groups of users and API keys, which collections can name");
  groups
    .command("list")
    .description("list groups, newest first")
    .option("--member <id>", "only those of a user or of an API key")
    .action(({ member }: { member?: string }) =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (page) => {
          const query = { ...page, ...(member ? { memberId: member } : {}) };
          return unwrap(client().GET("/api/v1/groups", { params: { query } }));
        },
        (group) => show(group, groupLines),
      ),
    );
  groups
    .command("create")
    .description("create a group, with these members")
    .argument("<name>")
    .argument("[members...]", "ids of users and API keys")
    .action(async (name: string, members: string[]) => {
      const { group } = await unwrap(client().POST("/api/v1/groups", { body: { name } }));
      if (members.length > 0) await addMembers(client(), group.id, members);
      show(group, groupLines);
    });
  groups
    .command("rename")
    .description("change the name of a group")
    .argument("<group>")
    .argument("<name>")
    .action(async (id: string, name: string) =>
      show(await unwrap(client().PATCH("/api/v1/groups/{groupId}", { ...group(id), body: { name } })), groupLines),
    );
  groups
    .command("delete")
    .description("delete a group; collections that named nobody else are then seen by administrators only")
    .argument("<group>")
    .action(async (id: string) => {
      await unwrap(client().DELETE("/api/v1/groups/{groupId}", group(id)));
      show({ id }, () => [`${id} is deleted`]);
    });
  groups
    .command("members")
    .description("list the members of a group")
    .argument("<group>")
    .action((id: string) =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (query) => unwrap(client().GET("/api/v1/groups/{groupId}/members", { params: { ...group(id).params, query } })),
        (member) => show(member, (one) => [`${one.id}  since ${one.addedAt}`]),
      ),
    );
  groups
    .command("add")
    .description("add users and API keys to a group")
    .argument("<group>")
    .argument("<members...>")
    .action(async (id: string, members: string[]) => show(await addMembers(client(), id, members), groupLines));
  groups
    .command("remove")
    .description("take users and API keys out of a group")
    .argument("<group>")
    .argument("<members...>")
    .action(async (id: string, members: string[]) => {
      for (const memberId of members) {
        const params = { path: { groupId: id, memberId } };
        await unwrap(client().DELETE("/api/v1/groups/{groupId}/members/{memberId}", { params }));
      }
      show({ id }, () => [`${members.join(", ")} left ${id}`]);
    });
};

const addCollectionCommands = (program: Command, { client, show }: Tools): void => {
  const collections = program
    .command("collections")
    .description("sets of documents, each with a list of who may see it");
  const readers = (command: Command): Command =>
    command
      .option("--role <roles...>", "tenant_admin, user or readonly")
      .option("--key <ids...>", "API keys")
      .option("--user <ids...>", "users")
      .option("--group <ids...>", "groups");
  collections
    .command("list")
    .description("list the collections that the caller may see, newest first")
    .action(async () => {
      const api = client();
      const page = (cursor: string | undefined) =>
        unwrap(api.GET("/api/v1/collections", { params: { query: pageAfter(cursor) } }));
      for await (const collection of everyItem(page)) show(collection, collectionLines);
    });
  readers(
    collections.command("create").description("create a collection; without names everybody of the tenant sees it"),
  )
    .argument("<name>")
    .action(async (name: string, named: Named) => {
      const body = { name, access: accessOf(named) };
      const { collection } = await unwrap(client().POST("/api/v1/collections", { body }));
      show(collection, collectionLines);
    });
  readers(collections.command("access").description("replace the list of who may see a collection"))
    .option("--everybody", "everybody of the tenant")
    .argument("<collection>")
    .action(async (collectionId: string, named: Named) => {
      const access = accessOf(named);
      if ((Object.keys(access).length === 0) !== (named.everybody === true))
        throw new Error("Name roles, keys, users or groups, or use --everybody.");
      const params = { path: { collectionId } };
      const changed = client().PATCH("/api/v1/collections/{collectionId}", { params, body: { access } });
      show(await unwrap(changed), collectionLines);
    });
};

const addMembers = (api: Resolve, id: string, members: string[]) => {
  const userIds = members.filter((member) => member.startsWith("usr_"));
  const body = { userIds, apiKeyIds: members.filter((member) => !userIds.includes(member)) };
  return unwrap(api.POST("/api/v1/groups/{groupId}/members", { ...group(id), body }));
};

const accessOf = ({ role, key, user, group }: Named): Readers => ({
  ...(role ? { roles: role } : {}),
  ...(key ? { apiKeyIds: key } : {}),
  ...(user ? { userIds: user } : {}),
  ...(group ? { groupIds: group } : {}),
});

const group = (groupId: string) => ({ params: { path: { groupId } } });
const groupLines = ({ id, name }: Schemas["Group"]): string[] => [`${id}  ${name}`];
const collectionLines = ({ id, name, access }: Schemas["Collection"]): string[] => {
  const named = Object.values(access).flat();
  return [`${id}  ${name}  ${named.length > 0 ? named.join(", ") : "everybody"}`];
};

const addRoleCommands = (program: Command, { client, show }: Tools): void => {
  program
    .command("roles")
    .description("the roles, and what each permission of them allows")
    .action(async () =>
      show(await unwrap(client().GET("/api/v1/roles")), ({ data }) =>
        data.flatMap(({ role, purpose, permissions }) => [
          `${role}: ${purpose}`,
          ...permissions.map(
            ({ permission, scope, allows }) => `  ${permission.padEnd(18)} ${scope.padEnd(4)}  ${allows}`,
          ),
        ]),
      ),
    );
  program
    .command("explain")
    .description("whether the caller, a user or an API key may do something, and what decides it")
    .argument("<permission>", "such as document:read")
    .argument("[object]", "the id of one object")
    .option("--user <id>", "a user, instead of the caller")
    .option("--for-key <id>", "an API key, instead of the caller")
    .action(async (permission: Question["permission"], resourceId: string | undefined, { user, forKey }: Whose) => {
      const whose = { ...(user ? { userId: user } : {}), ...(forKey ? { apiKeyId: forKey } : {}) };
      const body = { permission, ...whose, ...(resourceId ? { resourceId } : {}) };
      show(await unwrap(client().POST("/api/v1/authz/explain", { body })), ({ allowed, subject, checks }) => [
        `${allowed ? "allowed" : "refused"}: ${permission} for ${subject.id} (${subject.role})`,
        ...checks.map(({ check, passed, reason }) => `  ${passed ? "yes" : "no "}  ${check.padEnd(10)}  ${reason}`),
      ]);
    });
};
type Question = Schemas["PermissionQuestion"];
type Whose = { user?: string; forKey?: string };
