import { z } from "@hono/zod-openapi";
import * as audit from "@resolve/core/audit";
import { newRouter, secured } from "./app.ts";
import { json, pageOf, pageQuery, pageSchema, problems } from "./responses.ts";

const list = secured({
  method: "get",
  path: "/v1/audit",
  operationId: "listAudit",
  summary: "The tenant's audit log: who did what to which object, newest first",
  access: { permission: "audit:read", scope: "home" },
  request: { query: z.strictObject({ ...pageQuery("audit").shape, ...audit.AuditFilter.shape }) },
  responses: {
    200: json("One page", pageSchema(audit.AuditEntry.meta({ id: "AuditEntry" }))),
    ...problems("invalid-request"),
  },
});

export const auditRouter = newRouter().openapi(list, async (c) => {
  const { limit, cursor, ...filter } = c.req.valid("query");
  return c.json(await audit.listAudit(c.var.ctx, pageOf<"audit">({ limit, cursor }), filter), 200);
});
