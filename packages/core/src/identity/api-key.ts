import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { and, inArray, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { literal, lookup } from "../platform/database/connections.ts";
import { listPage, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { defineEvent, publish } from "../platform/events.ts";
import { type Id, idSchema, newId, parseId, toId, toUuid } from "../platform/id.ts";
import { momentText } from "../platform/moment.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { resource } from "../platform/resources.ts";
import { apiKeyTable as table } from "./identity.sql.ts";
import { assertBelowLimit } from "./limits.ts";
import { exceeding, expandRole, isRestricted, listedRole, permissions } from "./roles.ts";

export const ApiKey = z.object({
  id: idSchema("apiKey"),
  name: z.string(),
  role: z.enum(["admin", "tenant_admin", "user", "readonly"]),
  scopes: z.array(z.string()).nullable(),
  expiresAt: z.date().nullable().meta({ format: "date-time" }),
  revokedAt: z.date().nullable().meta({ format: "date-time" }),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type ApiKey = z.output<typeof ApiKey>;

/** The operator's role is not in the list, because tenants must not grant it. */
export const NewApiKey = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    role: z.enum(["tenant_admin", "user", "readonly"]).default("user"),
    /** Limits the role to these of its permissions. */
    scopes: z.array(z.enum(permissions)).min(1).max(permissions.length).optional(),
    /** By default the key expires together with the key that creates it, or never. */
    expiresAt: momentText.optional(),
  })
  .superRefine(({ role, scopes = [] }, { addIssue }) => {
    const held = expandRole(role);
    for (const [at, scope] of scopes.entries())
      if (!held.has(scope))
        addIssue({ code: "custom", path: ["scopes", at], message: `is not a permission of the role ${role}` });
  });
type NewApiKey = { name: string; role: ApiKey["role"]; scopes?: string[] | undefined; expiresAt?: string | undefined };

export const ApiKeyCreated = defineEvent({
  type: "apikey.created",
  version: 1,
  summary: "An API key was created.",
  subjectType: "apiKey",
  schema: z.object({ name: z.string(), role: z.string() }),
  sample: { name: "ci", role: "user" },
});
export const ApiKeyRevoked = defineEvent({
  type: "apikey.revoked",
  version: 1,
  summary: "An API key was revoked. Requests with it get the status 401.",
  subjectType: "apiKey",
  schema: z.object({}),
  sample: {},
});

/**
 * Creates a key for a caller. It never has a permission that the caller lacks, and never expires later than the caller's
 * credential.
 *
 * @throws Problem `forbidden` with the permissions that the caller lacks, `invalid-request` for an invalid expiry,
 * `limit-reached`
 */
export async function createApiKey(ctx: Ctx, input: NewApiKey): Promise<{ apiKey: ApiKey; secret: string }> {
  const requested = expandRole(input.role, input.scopes);
  const beyond = exceeding(requested, ctx.permissions);
  const [first] = beyond;
  if (first)
    throw forbidden(
      first,
      `A key cannot hold permissions that the key creating it lacks: ${beyond.join(", ")}. Name fewer \`scopes\`.`,
      { permissions: beyond },
    );
  if (isRestricted(ctx.role) && !isRestricted(listedRole(input.role, requested)))
    throw forbidden(
      "collection:write",
      `A key without \`collection:write\` cannot create a key of the role ${input.role}: access lists may let that role see more.`,
    );
  const expiresAt = input.expiresAt ?? ctx.expiresAt?.toISOString();
  if (expiresAt && ctx.expiresAt && new Date(expiresAt) > ctx.expiresAt)
    throw new Problem("invalid-request", undefined, {
      errors: [
        {
          path: "/expiresAt",
          message: `must not be later than the expiry of the key that creates it, ${ctx.expiresAt.toISOString()}`,
        },
      ],
    });
  return withTx(ctx, async (ctx) => {
    const isValid = sql`${table.revokedAt} is null and (${table.expiresAt} is null or ${table.expiresAt} > app.now())`;
    await assertBelowLimit(ctx, "apiKeys", table, isValid);
    return issueApiKey(ctx, { ...input, expiresAt });
  });
}

/**
 * Creates a key without a check of the caller's permissions: the first key of a new tenant, and the operator's. The result
 * has the secret; the database stores only its HMAC.
 */
export const issueApiKey = (
  ctx: Ctx,
  input: NewApiKey,
  id = newId("apiKey"),
): Promise<{ apiKey: ApiKey; secret: string }> =>
  withTx(ctx, async (ctx) => {
    const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
    if (expiresAt && expiresAt <= now())
      throw new Problem("invalid-request", undefined, {
        errors: [{ path: "/expiresAt", message: "must be in the future" }],
      });
    const secret = formatKey(id, randomBytes(32));
    const row = only(
      await ctx.db
        .insert(table)
        .values({
          tenantId: ctx.tenantId,
          id,
          name: input.name,
          role: input.role,
          scopes: input.scopes ?? null,
          hmac: hmacOf(secret),
          expiresAt,
          createdBy: actorName(ctx.actor),
        })
        .returning(),
    );
    recordAudit(ctx, { action: "apikey.create", subject: id, detail: { name: input.name, role: input.role } });
    publish(ctx, ApiKeyCreated, id, { name: input.name, role: input.role });
    return { apiKey: shape(row), secret };
  });

export const listApiKeys = (ctx: Ctx, page: Page<"apiKey">): Promise<PageOf<ApiKey>> =>
  withTx(ctx, (ctx) => listPage(ctx, table, page, shape));

/** Returns which of these ids are keys of the tenant, including revoked keys. Joins the caller's transaction. */
export async function findApiKeys(ctx: Ctx, ids: readonly Id<"apiKey">[]): Promise<Set<Id<"apiKey">>> {
  const requested = and(ofTenant(ctx, table), inArray(table.id, ids));
  const rows = await ctx.db.select({ id: table.id }).from(table).where(requested);
  return new Set(rows.map(({ id }) => id));
}

/** Revokes a key; idempotent. @throws Problem `not-found` */
export const revokeApiKey = (ctx: Ctx, id: Id<"apiKey">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const requested = ownedBy(ctx, table, id);
    const revoked = await ctx.db
      .update(table)
      .set({ revokedAt: now() })
      .where(and(requested, isNull(table.revokedAt)))
      .returning({ id: table.id });
    if (revoked.length === 0) {
      const [row] = await ctx.db.select({ id: table.id }).from(table).where(requested);
      if (!row) throw new Problem("not-found");
      return;
    }
    recordAudit(ctx, { action: "apikey.revoke", subject: id });
    publish(ctx, ApiKeyRevoked, id, {});
  });

/**
 * Revokes the keys that a caller created, those that such keys created, and so on: whoever knows one key may know them all. Joins
 * the caller's transaction. Returns those that were valid.
 */
export async function revokeKeysOf(ctx: Ctx, creator: string): Promise<Id<"apiKey">[]> {
  const keys = await ctx.db
    .select({ id: table.id, createdBy: table.createdBy, revokedAt: table.revokedAt })
    .from(table)
    .where(ofTenant(ctx, table));
  const byCreator = Map.groupBy(keys, ({ createdBy }) => createdBy);
  const found = [...(byCreator.get(creator) ?? [])];
  // The list grows while it is read. A key has one creator, which is older than itself, so no key comes twice.
  for (const { id } of found) found.push(...(byCreator.get(actorName({ type: "apiKey", id })) ?? []));
  const valid = found.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id);
  for (const id of valid) await revokeApiKey(ctx, id);
  return valid;
}

export type Credential = {
  tenantId: Id<"tenant">;
  tenantStatus: string;
  isPlatform: boolean;
  apiKeyId: Id<"apiKey">;
  role: string;
  scopes: string[] | null;
  expiresAt: Date | null;
};

/** Authenticates a key. @throws Problem `unauthenticated`, the same for every reason why a key is invalid */
export async function authenticate(key: string): Promise<Credential> {
  const id = parseKey(key);
  if (!id) throw new Problem("unauthenticated");
  type Row = {
    tenant_id: string;
    tenant_status: string;
    is_platform: boolean;
    hmac: Buffer;
    role: string;
    scopes: string[] | null;
    expires_at: string | null;
    revoked_at: string | null;
  };
  // Without parameters it takes one round trip: for a parameter the client would request the type first.
  const query = `select * from app.find_api_key(${literal(toUuid(id))}::uuid)`;
  const [row] = await lookup("AppDatabase", (sql) => sql.unsafe<Row[]>(query));
  // For a key that does not exist the comparison takes the same time.
  const isSame = timingSafeEqual(hmacOf(key), row?.hmac ?? Buffer.alloc(32));
  if (!row || !isSame || row.revoked_at !== null) throw new Problem("unauthenticated");
  const expiresAt = row.expires_at === null ? null : new Date(row.expires_at);
  if (expiresAt && expiresAt <= now()) throw new Problem("unauthenticated");
  if (["offboarding", "deleted"].includes(row.tenant_status)) throw new Problem("unauthenticated");
  return {
    tenantId: toId("tenant", row.tenant_id),
    tenantStatus: row.tenant_status,
    isPlatform: row.is_platform,
    apiKeyId: id,
    role: row.role,
    scopes: row.scopes,
    expiresAt,
  };
}

/** `rsk_live_<id>_<secret>_<checksum>`. By the checksum scanners find leaked keys, and a misspelt key needs no query. */
const formatKey = (id: Id<"apiKey">, secret: Buffer): string => {
  const { stage } = resource("App");
  const body = `rsk_${stage.startsWith("production") ? "live" : "test"}_${id.slice(4)}_${secret.toString("hex")}`;
  return `${body}_${checksum(body)}`;
};

const parseKey = (key: string): Id<"apiKey"> | undefined => {
  const match = /^(rsk_(?:live|test)_([0-9a-hjkmnp-tv-z]{26})_[0-9a-f]{64})_([0-9a-f]{8})$/.exec(key);
  // Every match has all three groups.
  if (!match || checksum(match[1]!) !== match[3]) return undefined;
  return parseId("apiKey", `key_${match[2]}`);
};

const checksum = (body: string): string => createHash("sha256").update(body).digest("hex").slice(0, 8);
const hmacOf = (key: string): Buffer => createHmac("sha256", resource("ApiKeyPepper").value).update(key).digest();

const shape = (row: typeof table.$inferSelect): ApiKey => ApiKey.parse(row);
