import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Id } from "../platform/id.ts";
import { expandRole, includes, listRoles, permissions, roleGrants } from "./roles.ts";

/** The evaluation of permissions, compared with a model that reads the blueprint's table by itself. */
const blueprint: Record<string, string> = {
  admin: "*",
  tenant_admin: "tenant:read tenant:write user:read user:write document:* integration:*",
  user: "tenant:read user:read:self user:write:self document:read document:write:own",
  readonly: "tenant:read user:read:self document:read",
};
/** Resources of which the blueprint speaks; grants for the others are the product's own. */
const ofBlueprint = new Set(["tenant", "user", "document", "integration"]);
const operatorOnly = ["tenant:create", "tenant:list"];

type Asked = { role: string; permission: string; actor: string; owner: string; userId: string };
/** What the blueprint says, grant by grant. */
const expected = ({ role, permission, actor, owner, userId }: Asked): boolean => {
  if (!Object.keys(blueprint).includes(role)) return false;
  if (operatorOnly.includes(permission) && role !== "admin") return false;
  return blueprint[role]!.split(" ").some((grant) => {
    const [resource, action, limit] = grant.split(":");
    if (resource === "*") return true;
    const [askedResource, askedAction] = permission.split(":");
    if (resource !== askedResource || (action !== "*" && action !== askedAction)) return false;
    if (limit === "own") return owner === actor;
    if (limit === "self") return actor === `user:${userId}`;
    return true;
  });
};

const users = ["usr_01j9x0000000000000000000000", "usr_01j9x0000000000000000000001"] as const;
const actors = [...users.map((id) => `user:${id}`), "apiKey:key_01j9x0000000000000000000000"];
const roles = fc.oneof(
  fc.constantFrom(...Object.keys(blueprint)),
  fc.constantFrom("constructor", "__proto__", "toString", "hasOwnProperty", "", "ADMIN", "admin ", "tenant", "*"),
  fc.string(),
);
const asked = fc.record({
  role: roles,
  permission: fc.constantFrom(...permissions.filter((permission) => ofBlueprint.has(permission.split(":")[0]!))),
  actor: fc.constantFrom(...actors),
  owner: fc.constantFrom(...actors, ""),
  userId: fc.constantFrom(...users),
});

describe("a permission", () => {
  test("is granted exactly as the blueprint's table grants it, for any role, actor and object", () => {
    fc.assert(
      fc.property(asked, (one) => {
        // biome-ignore lint/suspicious/noExplicitAny: any text is looked up.
        const scope = expandRole(one.role).get(one.permission as any);
        const resource = { owner: one.owner, userId: one.userId as Id<"user"> };
        expect(includes(scope, one.actor, resource)).toBe(expected(one));
      }),
      { numRuns: 5_000 },
    );
  });

  test("of a key is in its role and in its scopes, and unknown scopes grant nothing", () => {
    const scope = fc.oneof(
      fc.constantFrom(...permissions),
      fc.constantFrom("*", "document:*", "document", "__proto__"),
    );
    fc.assert(
      fc.property(roles, fc.array(scope, { maxLength: 6 }), (role, scopes) => {
        const [all, limited] = [expandRole(role), expandRole(role, scopes)];
        for (const permission of permissions)
          expect(limited.get(permission)).toBe(scopes.includes(permission) ? all.get(permission) : undefined);
        expect([...limited.keys()].every((permission) => all.has(permission))).toBe(true);
      }),
    );
  });

  test("is never granted for an unknown scope, an object without an owner, or a prefix of a name", () => {
    const [ada] = users;
    for (const scope of [undefined, "", "constructor", "__proto__", "ANY", "*"])
      expect(includes(scope, `user:${ada}`, { owner: `user:${ada}`, userId: ada })).toBe(false);
    expect(includes("own", `user:${ada}`, {})).toBe(false);
    expect(includes("self", `user:${ada}`, {})).toBe(false);
    expect(includes("own", `user:${ada}`, { owner: `user:${ada}0` })).toBe(false);
    expect(includes("self", "apiKey:key_01j9x0000000000000000000000", { userId: ada })).toBe(false);
    // F-25: a grant with fewer parts does not satisfy a longer requirement, and a longer one no shorter.
    const unknown = ["document", "document:write:own", "documents:read", "document:"] as never[];
    for (const role of Object.keys(roleGrants))
      for (const name of unknown) expect(expandRole(role).has(name)).toBe(false);
  });

  test("is described in words for each role that has it", () => {
    for (const { role, permissions: listed } of listRoles()) {
      expect(listed.map(({ permission }) => permission)).toEqual([...expandRole(role).keys()]);
      for (const { allows } of listed) expect(allows.length).toBeGreaterThan(10);
    }
  });
});
