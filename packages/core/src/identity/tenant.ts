import { createHash } from "node:crypto";
import { and, eq, type SQL } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, inTenant, recordAudit, tenantCtx, withPlatformTx, withTx } from "../platform/context.ts";
import { pgError } from "../platform/database/pg-error.ts";
import { only, pageQuery } from "../platform/database/rows.ts";
import { defineEvent, publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import { displayName } from "../platform/name.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { kms } from "../platform/services/kms.ts";
import { Answering, defaultAnswering } from "./answering.ts";
import { issueApiKey } from "./api-key.ts";
import { apiKeyTable, tenantTable as table } from "./identity.sql.ts";
import { plans } from "./plan.ts";
import { platformId } from "./platform-id.ts";
import { Reading } from "./reading.ts";

const moment = z.date().meta({ format: "date-time" });

export const Tenant = z.object({
  id: idSchema("tenant"),
  name: z.string(),
  slug: z.string(),
  externalId: z.string().nullable(),
  plan: z.enum(plans),
  region: z.string(),
  /** How its files are read, unless a document says otherwise. */
  reading: Reading,
  /** How its questions are answered. */
  answering: Answering,
  status: z.enum(["onboarding", "active", "suspended", "offboarding", "deleted"]),
  /** Why the operator has suspended it, and since when; null when it is not suspended. */
  suspension: z.object({ reason: z.string(), since: moment }).nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type Tenant = z.output<typeof Tenant>;

export const tenantName = displayName(200);
export const TenantPatch = z.strictObject({
  name: tenantName.optional(),
  plan: z.enum(plans).optional(),
  /** For files that are processed from now on; a `reindex` job reads the others again. */
  reading: Reading.optional(),
  answering: Answering.optional(),
});

export const TenantCreated = defineEvent({
  type: "tenant.created",
  version: 1,
  summary: "A tenant was created, and its onboarding run started.",
  subjectType: "tenant",
  schema: z.object({ name: z.string(), slug: z.string(), plan: z.string() }),
  sample: { name: "Halden Optics", slug: "halden-optics", plan: "team" },
});
export const TenantActivated = defineEvent({
  type: "tenant.activated",
  version: 1,
  summary: "The tenant passed its isolation probe and is active.",
  subjectType: "tenant",
  schema: z.object({}),
  sample: {},
});
export const TenantUpdated = defineEvent({
  type: "tenant.updated",
  version: 1,
  summary: "The tenant's name or plan was changed.",
  subjectType: "tenant",
  schema: z.object({ name: z.string(), plan: z.string() }),
  sample: { name: "Halden Optics", plan: "enterprise" },
});
type Reservation = {
  name: string;
  slug?: string | undefined;
  externalId?: string | undefined;
  plan?: (typeof plans)[number] | undefined;
  region?: string | undefined;
  answering?: Answering | undefined;
};

/**
 * Creates a tenant: its row, data key and counters. Returns the caller's context in the new tenant. When a tenant with the
 * same externalId and content exists, returns that one, and `isNew` is false. `withNew` writes the rows that every new
 * tenant has, in the same transaction.
 *
 * @throws Problem `tenant-exists` when externalId or slug belongs to other content.
 */
export async function reserveTenant(
  ctx: Ctx,
  input: Reservation,
  request: unknown,
  withNew: (ctx: Ctx) => Promise<unknown> = async () => {},
): Promise<{ ctx: Ctx; tenant: Tenant; isNew: boolean }> {
  const requestHash = createHash("sha256").update(JSON.stringify(request)).digest();
  const existing = input.externalId ? await findByExternalId(ctx, input.externalId) : undefined;
  if (existing) return sameOrConflict(ctx, existing, requestHash);

  const id = newId("tenant");
  const slug = input.slug ?? slugOf(input.name, id);
  const { wrapped } = await kms().generateDataKey(id);
  const inside = inTenant(ctx, id);
  try {
    const tenant = await withTx(inside, async (ctx) => {
      const values = {
        id: ctx.tenantId,
        slug,
        externalId: input.externalId ?? null,
        name: input.name,
        plan: input.plan ?? "team",
        region: input.region ?? "us-east-1",
        answering: input.answering ?? null,
        requestHash,
        dataKey: wrapped,
      };
      const row = only(await ctx.db.insert(table).values(values).returning());
      recordAudit(ctx, { action: "tenant.create", subject: id, detail: { name: input.name, slug } });
      publish(ctx, TenantCreated, id, { name: input.name, slug, plan: values.plan });
      await withNew(ctx);
      return shape(row);
    });
    return { ctx: inside, tenant, isNew: true };
  } catch (error) {
    const { constraint } = pgError(error);
    if (constraint !== "tenants_slug" && constraint !== "tenants_external_id") throw error;
    // A concurrent request with the same externalId, and perhaps the same slug, has created it.
    const winner = input.externalId ? await findByExternalId(ctx, input.externalId) : undefined;
    if (winner) return sameOrConflict(ctx, winner, requestHash);
    if (constraint === "tenants_external_id") throw error;
    throw new Problem("tenant-exists", `The slug ${slug} is taken.`, { slug }, { cause: error });
  }
}

/** The tenant of the context. @throws Problem `not-found` */
export const getTenant = (ctx: Ctx): Promise<Tenant> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.select().from(table).where(eq(table.id, ctx.tenantId));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/** `check` sees the tenant locked. @throws Problem `not-found` */
export const updateTenant = (
  ctx: Ctx,
  patch: z.output<typeof TenantPatch>,
  check: (current: Tenant) => void = () => {},
): Promise<Tenant> =>
  withTx(ctx, async (ctx) => {
    // Weaker than `update`, which waits for every transaction that inserts a row of the tenant (its foreign key's lock).
    const [current] = await ctx.db.select().from(table).where(eq(table.id, ctx.tenantId)).for("no key update");
    if (!current) throw new Problem("not-found");
    check(shape(current));
    const changes = { ...patch, updatedAt: now() };
    const row = only(await ctx.db.update(table).set(changes).where(eq(table.id, ctx.tenantId)).returning());
    recordAudit(ctx, { action: "tenant.update", subject: ctx.tenantId, detail: patch });
    publish(ctx, TenantUpdated, ctx.tenantId, { name: row.name, plan: row.plan });
    return shape(row);
  });

/** Changes a tenant from outside, for operators. @throws Problem `not-found` */
export const changeTenant = async (
  ctx: Ctx,
  id: Id<"tenant">,
  patch: Pick<z.output<typeof TenantPatch>, "name" | "plan">,
  check: (current: Tenant) => void,
): Promise<Tenant> => {
  await getTenantById(ctx, id);
  return updateTenant(inTenant(ctx, id), patch, check);
};

/** Changes the state from onboarding to active, at most once. A tenant that was suspended meanwhile is active when it is resumed. */
export const activateTenant = (ctx: Ctx): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const own = eq(table.id, ctx.tenantId);
    const activate = (changes: Partial<typeof table.$inferInsert>, waiting: SQL | undefined) =>
      ctx.db
        .update(table)
        .set({ ...changes, updatedAt: now() })
        .where(and(own, waiting))
        .returning({ id: table.id });
    const rows = [
      ...(await activate({ status: "active" }, eq(table.status, "onboarding"))),
      ...(await activate({ suspendedFrom: "active" }, eq(table.suspendedFrom, "onboarding"))),
    ];
    if (rows.length === 0) return;
    recordAudit(ctx, { action: "tenant.activate", subject: ctx.tenantId });
    publish(ctx, TenantActivated, ctx.tenantId, {});
  });

/** Every tenant but the platform's own, newest first. For operators. */
export const listTenants = (ctx: Ctx, page: Page<"tenant">, status?: Tenant["status"]): Promise<PageOf<Tenant>> =>
  withPlatformTx(ctx, async (db) => {
    const ofStatus = status && eq(table.status, status);
    const rows = await pageQuery(db, table, page, eq(table.isPlatform, false), ofStatus);
    return pageOf(rows.map(shape), page.limit);
  });

/** A tenant by id, for operators. @throws Problem `not-found` */
export const getTenantById = (ctx: Ctx, id: Id<"tenant">): Promise<Tenant> =>
  withPlatformTx(ctx, async (db) => {
    const [row] = await db
      .select()
      .from(table)
      .where(and(eq(table.id, id), eq(table.isPlatform, false)));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/**
 * Creates the platform's tenant and an operator key; null when there is a key and `rotate` is false. Called by the bootstrap
 * function, which needs IAM permissions, and by the local runtime; never over HTTP.
 */
export async function bootstrapPlatform(options: { rotate: boolean }): Promise<{ adminApiKey: string | null }> {
  const ctx = tenantCtx({
    tenantId: platformId,
    actor: { type: "system", job: "bootstrap" },
    role: "system",
    login: "AppDatabase",
  });
  const { wrapped } = await kms().generateDataKey(platformId);
  return withTx(ctx, async (ctx) => {
    await ctx.db
      .insert(table)
      .values({
        id: ctx.tenantId,
        slug: "platform",
        name: "Platform",
        plan: "enterprise",
        status: "active",
        dataKey: wrapped,
        isPlatform: true,
      })
      .onConflictDoNothing();
    const operators = await ctx.db
      .select({ id: apiKeyTable.id })
      .from(apiKeyTable)
      .where(eq(apiKeyTable.tenantId, ctx.tenantId))
      .limit(1);
    if (operators.length > 0 && !options.rotate) return { adminApiKey: null };
    recordAudit(ctx, { action: "platform.bootstrap", subject: ctx.tenantId, detail: { rotate: options.rotate } });
    const { secret } = await issueApiKey(ctx, { name: "operator", role: "admin" });
    return { adminApiKey: secret };
  });
}

const findByExternalId = (ctx: Ctx, externalId: string) =>
  withPlatformTx(ctx, async (db) => {
    const [row] = await db.select().from(table).where(eq(table.externalId, externalId));
    return row;
  });

const sameOrConflict = (ctx: Ctx, row: typeof table.$inferSelect, requestHash: Buffer) => {
  if (!row.requestHash?.equals(requestHash))
    throw new Problem("tenant-exists", `The externalId ${row.externalId} belongs to a tenant with other content.`);
  const tenant = shape(row);
  return { ctx: inTenant(ctx, tenant.id), tenant, isNew: false };
};

/** The slug: the name, and the end of the id, so that two companies may have the same name. */
const slugOf = (name: string, id: string): string => {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "");
  return `${plain || "tenant"}-${id.slice(-6)}`;
};

const shape = (row: typeof table.$inferSelect): Tenant => {
  const suspension = row.status === "suspended" ? { reason: row.suspensionReason, since: row.suspendedAt } : null;
  return Tenant.parse({ ...row, answering: row.answering ?? defaultAnswering, suspension });
};
