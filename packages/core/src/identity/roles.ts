import { z } from "zod";
import { actorName } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";

/**
 * The role table: the blueprint's grants (A-8…A-11) and the grants for keys, webhooks and jobs. A grant is
 * `resource:action`, and `*` matches everything. A third part limits it to the caller's `own` objects or to `self`.
 */
export const roleGrants = {
  admin: ["*"],
  tenant_admin: [
    "tenant:read",
    "tenant:write",
    "user:read",
    "user:write",
    "invitation:*",
    "document:*",
    "integration:*",
    "apikey:*",
    "webhook:*",
    "event:*",
    "audit:read",
    "usage:read",
    "job:*",
    "collection:*",
    "group:*",
    "search:query",
    "export:*",
    "erasure:*",
    "onboarding:*",
  ],
  user: [
    "tenant:read",
    "user:read:self",
    "user:write:self",
    "document:read",
    "document:write:own",
    "search:query",
    "event:read",
    "collection:read",
    "job:read:own",
    "onboarding:read",
  ],
  readonly: ["tenant:read", "user:read:self", "document:read", "search:query", "collection:read"],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof roleGrants;

/**
 * Every `resource:action` that a route requires, and what it allows. A route that names another one does not compile, and a
 * test finds a permission that no route requires. Grants of resources to come (`export:*`) expand to nothing until those have
 * routes.
 */
const allows = {
  "tenant:read": "see the name, plan and settings of the tenant, the roles, and why a request is allowed or refused",
  "tenant:write": "change the name and settings of the tenant",
  "tenant:create": "create, suspend and resume tenants, and change their plans and limits",
  "tenant:list": "see all tenants",
  "user:read": "list the people of the tenant, with their roles",
  "user:write": "change the roles of people, suspend and remove them",
  "invitation:read": "see who is invited",
  "invitation:write": "invite people, and withdraw invitations",
  "document:read": "list and read documents, their text and their originals",
  "document:write": "add documents, and change, replace, delete and restore them",
  "apikey:read": "list API keys, without their secrets",
  "apikey:write": "create and revoke API keys, which never have more permissions than the caller",
  "webhook:read": "see webhook endpoints and what was delivered to them",
  "webhook:write": "create, change, test and delete webhook endpoints, and have events sent again",
  "event:read": "read the events of the tenant that the caller's other permissions include",
  "event:write": "set the positions of consumers in the event log",
  "job:read": "see background jobs, such as a reindex",
  "audit:read": "read the audit log of the tenant, also entries about documents that access lists hide",
  "usage:read": "see what the tenant has used, and its limits",
  "job:write": "start, pause, continue and cancel background jobs",
  "collection:read": "see the collections whose access lists name the caller",
  "collection:write": "create, change and delete collections, and decide who sees them",
  "group:read": "see groups and their members",
  "group:write": "create, change and delete groups, and decide who is in them",
  "search:query": "search documents, and have questions answered from them",
  "onboarding:read": "see the steps of the tenant's onboarding",
  "onboarding:write": "retry and cancel the tenant's onboarding",
  "proof:create": "sign proofs in the name of the platform",
  "work:release": "have failed work of the platform tried again",
  "partition:read": "see the state of the platform: its health, its objectives, the database's partitions",
} as const;

export type Permission = keyof typeof allows;
export type Scope = "any" | "own" | "self";
export const permissions = keysOf(allows);

/** Permissions of the operator only; wildcards do not include them. */
const operatorOnly: ReadonlySet<Permission> = new Set<Permission>([
  "tenant:create",
  "tenant:list",
  "proof:create",
  "work:release",
  "partition:read",
]);

/** Each role's exact permissions and how far each reaches. */
const expanded: ReadonlyMap<string, ReadonlyMap<Permission, Scope>> = new Map(
  Object.entries(roleGrants).map(([role, grants]) => [role, expand(role, grants)]),
);

function expand(role: string, grants: readonly string[]): Map<Permission, Scope> {
  const scopeOf = (permission: Permission): Scope | undefined => {
    if (operatorOnly.has(permission) && role !== "admin") return undefined;
    const [resource] = permission.split(":");
    if (["*", permission, `${resource}:*`].some((grant) => grants.includes(grant))) return "any";
    if (grants.includes(`${permission}:own`)) return "own";
    return grants.includes(`${permission}:self`) ? "self" : undefined;
  };
  return new Map(
    permissions.flatMap((permission) => {
      const scope = scopeOf(permission);
      return scope ? [[permission, scope] as const] : [];
    }),
  );
}

/**
 * The permissions of a role, each with its scope, as far as the scopes of a key name them. Unknown roles and scopes have none; a
 * grant with fewer parts never satisfies a longer requirement (F-25).
 */
export const expandRole = (role: string, scopes?: readonly string[] | null): ReadonlyMap<Permission, Scope> => {
  const held = expanded.get(role) ?? new Map<Permission, Scope>();
  return scopes ? new Map([...held].filter(([permission]) => scopes.includes(permission))) : held;
};

/** What decides about a resource: who created it, and which user it is. */
export type Resource = { owner?: string; userId?: Id<"user"> };

/** Does a grant with this scope include the resource for this actor? No grant and an unknown scope include nothing. */
export const includes = (scope: string | undefined, actor: string, { owner, userId }: Resource): boolean => {
  if (scope === "own") return owner !== undefined && owner === actor;
  if (scope === "self") return userId !== undefined && actor === actorName({ type: "user", id: userId });
  return scope === "any";
};

/** What each role is for. */
const purposes: Record<Role, string> = {
  admin: "Runs the platform: every permission, inside a tenant only with a reason that is audited there",
  tenant_admin: "Administers one tenant and sees all of its documents, whatever access lists say",
  user: "Works with documents: reads those that access lists allow, and changes only its own",
  readonly: "Reads and searches the documents that access lists allow",
};

export const RoleView = z.object({
  role: z.enum(keysOf(roleGrants)),
  purpose: z.string(),
  permissions: z.array(
    z.object({
      permission: z.enum(permissions),
      /** `own`: objects that the caller created. `self`: the caller itself. */
      scope: z.enum(["any", "own", "self"]),
      allows: z.string(),
    }),
  ),
});

const limitedTo: Record<Scope, string> = {
  any: "",
  own: " (only those that the caller created)",
  self: " (only the caller itself)",
};

/** The role table in words. */
export const listRoles = (): z.output<typeof RoleView>[] =>
  keysOf(roleGrants).map((role) => ({
    role,
    purpose: purposes[role],
    permissions: [...expandRole(role)].map(([permission, scope]) => ({
      permission,
      scope,
      allows: `${allows[permission]}${limitedTo[scope]}`,
    })),
  }));

/** The requested permissions that exceed those of the caller: missing ones, and those limited to the caller's own objects. */
export const exceeding = (requested: ReadonlyMap<Permission, Scope>, held: ReadonlyMap<string, string>): Permission[] =>
  [...requested]
    .filter(([permission, scope]) => !["any", scope].includes(held.get(permission) ?? held.get("*") ?? ""))
    .map(([permission]) => permission);

/** The roles whose last member a tenant must keep: the operators of the platform, and the administrators of a tenant. */
export const isAdministrator = (role: string): boolean => role === "admin" || role === "tenant_admin";

/**
 * The role that access lists of collections compare. Administrators are exempt from these lists because they may change
 * them. A key without `collection:write` in its scopes is not exempt, whatever its role.
 */
export const listedRole = (role: string, held: ReadonlyMap<Permission, Scope>, isLimited = false): string =>
  isAdministrator(role) && (isLimited || held.get("collection:write") !== "any") ? restricted : role;
const restricted = "restricted";

/** Is this an administrator that access lists restrict? It must not bypass them by another key or by a webhook. */
export const isRestricted = (role: string): boolean => role === restricted;

/** Does this role, as access lists compare it, see every collection? `app.reads_all` has the same roles. */
export const readsAll = (role: string): boolean => ["system", "admin", "tenant_admin"].includes(role);
