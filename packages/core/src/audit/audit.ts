import { eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { type AuditAction, auditActionNames } from "../platform/audit-actions.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { listPage, type Row } from "../platform/database/rows.ts";
import { idSchema } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { momentText } from "../platform/moment.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { auditTable as table } from "./audit.sql.ts";

const hex = z.string().regex(/^[0-9a-f]*$/);

export const AuditEntry = z.object({
  id: idSchema("audit"),
  tenantId: idSchema("tenant"),
  sequence: z.int().meta({ description: "Its position in the tenant's chain, which has no gaps" }),
  actor: z.string().meta({ description: "`user:usr_…`, `apiKey:key_…` or `system:` and the name of the work" }),
  action: z.string(),
  subject: z.string().meta({ description: "The id or the name of the object" }),
  detail: jsonObject,
  requestId: z.string(),
  previousHash: hex.meta({ description: "The hash of the entry before, in hexadecimal; empty for the first one" }),
  hash: hex.meta({ description: "SHA-256 of the previous hash and of this entry, as docs/audit.md describes" }),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type AuditEntry = z.output<typeof AuditEntry>;

const split = (text: string): string[] => text.split(",").map((part) => part.trim());
const isAction = (text: string): text is AuditAction => (auditActionNames as string[]).includes(text);

export const AuditFilter = z.strictObject({
  actor: z
    .string()
    .regex(/^(user:usr_|apiKey:key_|system:)\S{1,100}$/, "must be user:usr_…, apiKey:key_… or system: and a name")
    .optional()
    .meta({ description: "Who did it, as entries name actors" }),
  actions: z
    .string()
    .superRefine((text, context) => {
      for (const name of split(text).filter((name) => !isAction(name)))
        context.addIssue({ code: "custom", message: `"${name}" is not an action of the audit log` });
    })
    .optional()
    .meta({ description: "Actions, separated by commas" }),
  subject: z.string().min(1).max(200).optional().meta({ description: "The id or the name of the object" }),
  from: momentText.optional().meta({ description: "Entries of this time or later" }),
  to: momentText.optional().meta({ description: "Entries before this time" }),
});

/**
 * The tenant's audit log, newest first.
 *
 * @throws Problem `forbidden` for a key that is limited to collections, `invalid-request` when `to` is not after `from`
 */
export const listAudit = (
  ctx: Ctx,
  page: Page<"audit">,
  { actor, actions, subject, from, to }: z.output<typeof AuditFilter> = {},
): Promise<PageOf<AuditEntry>> => {
  if (ctx.collections)
    throw forbidden("audit:read", "The key is limited to collections, and the audit log is about the whole tenant.");
  if (from && to && new Date(to) <= new Date(from))
    throw new Problem("invalid-request", undefined, { errors: [{ path: "query:/to", message: "must be after from" }] });
  return withTx(ctx, (ctx) =>
    listPage(
      ctx,
      table,
      page,
      shape,
      actor ? eq(table.actor, actor) : undefined,
      actions ? inArray(table.action, split(actions)) : undefined,
      subject ? eq(table.subject, subject) : undefined,
      from ? sql`${table.id} >= ${firstIdOf(from)}` : undefined,
      to ? sql`${table.id} < ${firstIdOf(to)}` : undefined,
    ),
  );
};

/** An id contains the time since 1970, so the primary key finds a time, and the months of other times are not read. */
const firstIdOf = (moment: string) =>
  sql`app.uuid_floor(${new Date(Math.max(0, Date.parse(moment))).toISOString()}::timestamptz)`;

const shape = (row: Row<typeof table>): AuditEntry =>
  AuditEntry.parse({
    ...row,
    requestId: row.request,
    previousHash: row.previousHash.toString("hex"),
    hash: row.hash.toString("hex"),
  });
