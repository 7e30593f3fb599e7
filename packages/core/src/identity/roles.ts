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
 * Every `resource:action` that a route requires. A route that names another one does not compile, and a test finds a
 * permission that no route requires. Grants of resources to come (`export:*`) expand to nothing until those have routes.
 */
export const permissions = [
  "tenant:read",
  "tenant:write",
  "tenant:create",
  "tenant:list",
  "user:read",
  "user:write",
  "invitation:read",
  "invitation:write",
  "document:read",
  "document:write",
  "apikey:read",
  "apikey:write",
  "webhook:read",
  "webhook:write",
  "event:read",
  "event:write",
  "job:read",
  "usage:read",
  "job:write",
  "collection:read",
  "collection:write",
  "search:query",
  "onboarding:read",
  "onboarding:write",
  "proof:create",
  "work:release",
  "partition:read",
] as const;

export type Permission = (typeof permissions)[number];
export type Scope = "any" | "own" | "self";

/** Permissions of the operator only; wildcards do not include them. */
const operatorOnly: ReadonlySet<string> = new Set([
  "tenant:create",
  "tenant:list",
  "proof:create",
  "work:release",
  "partition:read",
]);

/**
 * The permissions of a role, each with its scope. Unknown roles and scopes have none; a grant with fewer parts never
 * satisfies a longer requirement (F-25).
 */
export const expandRole = (role: string, scopes?: readonly string[] | null): Map<Permission, Scope> => {
  // An own key of `roleGrants` is a Role.
  const grants: readonly string[] = Object.hasOwn(roleGrants, role) ? roleGrants[role as Role] : [];
  const held = new Map<Permission, Scope>();
  for (const permission of permissions) {
    if (operatorOnly.has(permission) && role !== "admin") continue;
    const [resource] = permission.split(":");
    const isAny = grants.includes("*") || grants.includes(permission) || grants.includes(`${resource}:*`);
    const narrow = isAny
      ? "any"
      : grants.includes(`${permission}:own`)
        ? "own"
        : grants.includes(`${permission}:self`)
          ? "self"
          : undefined;
    if (!narrow) continue;
    if (scopes && !scopes.includes(permission)) continue;
    held.set(permission, narrow);
  }
  return held;
};

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
