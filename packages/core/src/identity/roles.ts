/**
 * The role table: the blueprint's grants (A-8…A-11) and what DESIGN §7 adds. A grant is `resource:action`, `*` stands
 * for everything in its place; a third part limits it to `own` things or the caller `self`.
 */
export const roleGrants = {
  admin: ["*"],
  tenant_admin: [
    "tenant:read",
    "tenant:write",
    "user:read",
    "user:write",
    "document:*",
    "integration:*",
    "apikey:*",
    "webhook:*",
    "event:read",
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

/** Every `resource:action` a route may require. A route that names another one does not compile. */
export const permissions = [
  "tenant:read",
  "tenant:write",
  "tenant:create",
  "tenant:list",
  "user:read",
  "user:write",
  "document:read",
  "document:write",
  "integration:read",
  "integration:write",
  "apikey:read",
  "apikey:write",
  "webhook:read",
  "webhook:write",
  "event:read",
  "audit:read",
  "usage:read",
  "job:read",
  "job:write",
  "collection:read",
  "collection:write",
  "search:query",
  "export:read",
  "export:write",
  "erasure:read",
  "erasure:write",
  "onboarding:read",
  "onboarding:write",
  "platform:read",
  "proof:create",
] as const;

export type Permission = (typeof permissions)[number];
export type Scope = "any" | "own" | "self";

/** What only the operator may do, whatever wildcards say. */
const operatorOnly: ReadonlySet<string> = new Set(["tenant:create", "tenant:list", "platform:read", "proof:create"]);

/**
 * The pairs a role holds, expanded once: permission → how far it reaches. Unknown roles and scopes hold nothing;
 * a grant with fewer parts never satisfies a longer requirement (F-25).
 */
export const expandRole = (role: string, scopes?: readonly string[] | null): Map<Permission, Scope> => {
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
    if (scopes && !scopes.includes(permission) && !scopes.includes(`${resource}:*`)) continue;
    held.set(permission, narrow);
  }
  return held;
};
