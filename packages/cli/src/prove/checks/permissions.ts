import { type Check, details } from "../check.ts";
import type { Tenant } from "../tenant.ts";

/** What a key of each role may do with an object of its own, of a colleague, and of another tenant. By hand, from docs/permissions.md. */
const matrix = [
  [
    "GET",
    "/documents/:id",
    undefined,
    { tenant_admin: [200, 200, 404], user: [200, 200, 404], readonly: [0, 200, 404] },
  ],
  [
    "PATCH",
    "/documents/:id",
    { metadata: {} },
    { tenant_admin: [200, 200, 404], user: [200, 403, 404], readonly: [0, 403, 403] },
  ],
  [
    "GET",
    "/documents/:id/chunks",
    undefined,
    { tenant_admin: [200, 200, 404], user: [200, 200, 404], readonly: [0, 200, 404] },
  ],
  ["POST", "/search", { query: "permission" }, { tenant_admin: [200], user: [200], readonly: [200] }],
  ["GET", "/api-keys", undefined, { tenant_admin: [200], user: [403], readonly: [403] }],
  ["POST", "/groups", {}, { tenant_admin: [400], user: [403], readonly: [403] }],
  ["POST", "/invitations", {}, { tenant_admin: [400], user: [403], readonly: [403] }],
  ["PATCH", "/tenant", {}, { tenant_admin: [200], user: [403], readonly: [403] }],
  ["GET", "/tenants", undefined, { tenant_admin: [403], user: [403], readonly: [403] }],
] as const;
const roles = ["tenant_admin", "user", "readonly"] as const;
const owners = ["its own", "a colleague's", "another tenant's"];

export const permissions: Check = {
  name: "permissions",
  promise: "Each role may do what the table of permissions says, with its own things, others' and another tenant's",
  limit: "0 wrong responses",
  async run({ a, b }) {
    const colleague = await addWith(a);
    const foreign = await addWith(b);
    let attempts = 0;
    const faults: string[] = [];
    for (const role of roles) {
      const { json } = await a.call("POST", "/api/v1/api-keys", { body: { name: `prove ${role}`, role } });
      const key = String(json["secret"]);
      // A reader cannot create a document, so no cell is about one of its own.
      const own = role === "readonly" ? "" : await addWith(a, key);
      for (const [method, path, body, cells] of matrix)
        for (const [n, wanted] of cells[role].entries()) {
          if (wanted === 0) continue;
          attempts += 1;
          const id = [own, colleague, foreign][n]!;
          const { status } = await a.call(method, `/api/v1${path.replace(":id", id)}`, { body, key });
          if (status !== wanted)
            faults.push(`${role}, ${owners[n]}: ${method} ${path} gets ${status} instead of ${wanted}`);
        }
    }
    return {
      measured: `${faults.length} wrong responses in ${attempts}`,
      passed: faults.length === 0,
      detail: details([`${matrix.length} routes with keys of the roles ${roles.join(", ")}`], faults),
    };
  },
};

const addWith = async ({ call, key: own }: Tenant, key = own): Promise<string> => {
  const body = { name: `permissions ${crypto.randomUUID()}.txt`, text: "What a role may do." };
  const { status, json } = await call("POST", "/api/v1/documents", { body, key });
  if (status !== 201) throw new Error(`a document could not be created: ${status}`);
  return String(Object(json["document"]).id);
};
