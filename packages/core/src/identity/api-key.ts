import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { and, inArray, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { literal, lookup } from "../platform/database/connections.ts";
import { listPage, lockRow, ofTenant, only, ownedBy, updateRows } from "../platform/database/rows.ts";
import { defineEvent, publish } from "../platform/events.ts";
import { type Id, idSchema, newId, parseId, toId, toUuid } from "../platform/id.ts";
import { momentText } from "../platform/moment.ts";
import { displayName } from "../platform/name.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { resource } from "../platform/resources.ts";
import { pepper } from "../platform/services/linked-secrets.ts";
import { isWithin, networkOf } from "./addresses.ts";
import { apiKeyTable as table } from "./identity.sql.ts";
import { assertBelowLimit } from "./limits.ts";
import { Allowance } from "./plan.ts";
import { exceeding, expandRole, isRestricted, listedRole, permissions } from "./roles.ts";
import { withdrawInvitationsOf } from "./withdraw.ts";

export const ApiKey = z.object({
  id: idSchema("apiKey"),
  name: z.string(),
  role: z.enum(["admin", "tenant_admin", "user", "readonly"]),
  scopes: z.array(z.string()).nullable(),
  expiresAt: z.date().nullable().meta({ format: "date-time" }),
  revokedAt: z.date().nullable().meta({ format: "date-time" }),
  /** The day (UTC) on which it was used last; null before its first use. */
  lastUsedAt: z.date().nullable().meta({ format: "date-time" }),
  /** After a rotation: until when the former secret is valid too. */
  previousUntil: z.date().nullable().meta({ format: "date-time" }),
  /** Addresses and networks from which it may be used; null: from everywhere. */
  addresses: z.array(z.string()).nullable(),
  /** The only collections whose documents it sees; null: all that its role sees. */
  collections: z.array(idSchema("collection")).nullable(),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type ApiKey = z.output<typeof ApiKey>;

const scopes = z.array(z.enum(permissions)).min(1).max(permissions.length);
const addresses = z
  .array(
    z
      .string()
      .refine((text) => networkOf(text) !== undefined, "must be an address or a network such as 203.0.113.0/24"),
  )
  .min(1)
  .max(100);
const collections = z.array(idSchema("collection")).min(1).max(100);

/** The operator's role is not in the list, because tenants must not grant it. */
export const NewApiKey = z
  .strictObject({
    name: displayName(100),
    role: z.enum(["tenant_admin", "user", "readonly"]).default("user"),
    /** Limits the role to these of its permissions. */
    scopes: scopes.optional(),
    /** By default the key expires together with the key that creates it, or never. */
    expiresAt: momentText.optional(),
    /** By default as the key that creates it. */
    addresses: addresses.optional(),
    collections: collections.optional(),
  })
  .superRefine(({ role, scopes = [] }, { addIssue }) => {
    const held = expandRole(role);
    for (const [at, scope] of scopes.entries())
      if (!held.has(scope))
        addIssue({ code: "custom", path: ["scopes", at], message: `is not a permission of the role ${role}` });
  });
type NewApiKey = { name: string; role: ApiKey["role"] } & Partial<
  Pick<ApiKey, "scopes" | "addresses" | "collections"> & { expiresAt: string | undefined }
>;

/** Null: from everywhere. Permissions can only be taken away. */
export const ApiKeyChanges = z.strictObject({
  name: displayName(100).optional(),
  scopes: scopes.optional(),
  addresses: addresses.nullable().optional(),
});

/** A day by default, so that no client fails while its secret is exchanged; 0 when the secret has leaked. */
export const ApiKeyRotation = z.strictObject({ overlapSeconds: z.int().min(0).max(2_592_000).default(86_400) });

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
export const ApiKeyUpdated = defineEvent({
  type: "apikey.updated",
  version: 1,
  summary: "The name, permissions or addresses of an API key were changed.",
  subjectType: "apiKey",
  schema: z.object({ name: z.string() }),
  sample: { name: "ci" },
});
export const ApiKeyRotated = defineEvent({
  type: "apikey.rotated",
  version: 1,
  summary: "An API key has a new secret. The former one is valid until `previousUntil`.",
  subjectType: "apiKey",
  schema: z.object({ previousUntil: z.string() }),
  sample: { previousUntil: "2026-12-02T09:00:00.000Z" },
});

/**
 * Creates a key for a caller. It never has a permission that the caller lacks, and never expires later than the caller's
 * credential.
 *
 * @throws Problem `forbidden` with the permissions that the caller lacks, `invalid-request` for an invalid expiry,
 * `limit-reached`
 */
export async function createApiKey(ctx: Ctx, input: NewApiKey): Promise<{ apiKey: ApiKey; secret: string }> {
  assertHolds(ctx, input, ctx.collections !== null);
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
    const creator = await callersKey(ctx);
    const limited = {
      addresses: input.addresses ?? creator?.addresses ?? null,
      collections: input.collections ?? creator?.collections ?? null,
    };
    if (creator) assertWithin(creator, limited);
    return issueApiKey(ctx, { ...input, ...limited, expiresAt });
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
          addresses: input.addresses ?? null,
          collections: input.collections ?? null,
          hmac: await hmacOf(secret),
          expiresAt,
          createdBy: actorName(ctx.actor),
        })
        .returning(),
    );
    recordAudit(ctx, { action: "apikey.create", subject: id, detail: { name: input.name, role: input.role } });
    publish(ctx, ApiKeyCreated, id, { name: input.name, role: input.role });
    return { apiKey: shape(row), secret };
  });

/** @throws Problem `forbidden` with the permissions that the caller lacks */
const assertHolds = (ctx: Ctx, { role, scopes }: Pick<NewApiKey, "role" | "scopes">, isLimited: boolean): void => {
  const requested = expandRole(role, scopes);
  const beyond = exceeding(requested, ctx.permissions);
  const [first] = beyond;
  if (first)
    throw forbidden(
      first,
      `A key cannot hold permissions that its creator lacks: ${beyond.join(", ")}. Name fewer \`scopes\`.`,
      { permissions: beyond },
    );
  if (isRestricted(ctx.role) && !isRestricted(listedRole(role, requested, isLimited)))
    throw forbidden(
      "collection:write",
      `A caller without \`collection:write\` cannot create a key of the role ${role}: access lists may let that role see more.`,
    );
};

/** The key that makes the request; undefined for a person. Joins the caller's transaction. */
const callersKey = async (ctx: Ctx): Promise<ApiKey | undefined> => {
  if (ctx.actor.type !== "apiKey") return undefined;
  const [row] = await ctx.db
    .select()
    .from(table)
    .where(ownedBy(ctx, table, ctx.actor.id));
  return row && shape(row);
};

/** A key that is limited to addresses gives nobody a role, because people come from anywhere. @throws Problem `forbidden` */
export const assertFromAnywhere = async (ctx: Ctx): Promise<void> => {
  const key = await callersKey(ctx);
  if (key?.addresses) throw forbidden("invitation:write", "A key that is limited to addresses gives nobody a role.");
};

/** A key that is limited to addresses or collections must not lift the limit by another key. @throws Problem `forbidden` */
const assertWithin = (creator: ApiKey, { addresses, collections }: Pick<ApiKey, "addresses" | "collections">): void => {
  const refuse = (what: string) => {
    throw forbidden(
      "apikey:write",
      `A key that is limited to ${what} makes keys with the same ones or some of them only.`,
    );
  };
  if (creator.addresses && !addresses?.every((address) => creator.addresses!.includes(address))) refuse("addresses");
  if (creator.collections && !collections?.every((id) => creator.collections!.includes(id))) refuse("collections");
};

/** @throws Problem `not-found`, `apikey-conflict` when the key is not valid any more */
const lockValidKey = async (ctx: Ctx, id: Id<"apiKey">): Promise<ApiKey> => {
  const key = shape(await lockRow(ctx, table, id));
  const state = key.revokedAt ? "revoked" : key.expiresAt && key.expiresAt <= now() ? "expired" : undefined;
  if (state) throw new Problem("apikey-conflict", `The key is ${state}.`, { state, allowed: [] });
  const caller = await callersKey(ctx);
  if (caller) assertWithin(caller, key);
  return key;
};

/** Changes a key, which never gets more permissions. @throws Problem `not-found`, `apikey-conflict`, `forbidden`, `invalid-request` */
export const updateApiKey = (ctx: Ctx, id: Id<"apiKey">, changes: z.output<typeof ApiKeyChanges>): Promise<ApiKey> =>
  withTx(ctx, async (ctx) => {
    const key = await lockValidKey(ctx, id);
    const added = changes.scopes?.filter((scope) => !expandRole(key.role, key.scopes).has(scope)) ?? [];
    if (added.length > 0)
      throw new Problem(
        "invalid-request",
        "Permissions of a key can only be taken away. Create another key for more.",
        {
          errors: added.map((scope) => ({ path: "/scopes", message: `adds ${scope}` })),
        },
      );
    const caller = await callersKey(ctx);
    const { addresses = key.addresses } = changes;
    if (caller) assertWithin(caller, { ...key, addresses });
    const row = only(await updateRows(ctx.db, table, { ...changes }, ownedBy(ctx, table, id)));
    recordAudit(ctx, { action: "apikey.update", subject: id, detail: changes });
    publish(ctx, ApiKeyUpdated, id, { name: row.name });
    return shape(row);
  });

/**
 * Gives a key a new secret. The former one stays valid for `overlapSeconds`; one from before a rotation that still overlapped
 * ends at once. The caller learns the secret, so it must hold all that the key may do.
 *
 * @throws Problem `not-found`, `apikey-conflict`, `forbidden`
 */
export const rotateApiKey = (
  ctx: Ctx,
  id: Id<"apiKey">,
  { overlapSeconds }: z.output<typeof ApiKeyRotation>,
): Promise<{ apiKey: ApiKey; secret: string }> =>
  withTx(ctx, async (ctx) => {
    const key = await lockValidKey(ctx, id);
    assertHolds(ctx, key, key.collections !== null);
    const secret = formatKey(id, randomBytes(32));
    const previousUntil = new Date(now().getTime() + overlapSeconds * 1000);
    const changes = { previousHmac: sql`${table.hmac}`, previousUntil, hmac: await hmacOf(secret) };
    const row = only(
      await ctx.db
        .update(table)
        .set(changes)
        .where(ownedBy(ctx, table, id))
        .returning(),
    );
    recordAudit(ctx, { action: "apikey.rotate", subject: id, detail: { overlapSeconds } });
    publish(ctx, ApiKeyRotated, id, { previousUntil: previousUntil.toISOString() });
    return { apiKey: shape(row), secret };
  });

/** Notes the day, at most once a day: the caller has read `lastUsedOn` with the key. */
export const noteUse = async (ctx: Ctx, { apiKeyId, lastUsedOn }: Credential): Promise<void> => {
  const today = now().toISOString().slice(0, 10);
  if (lastUsedOn !== null && lastUsedOn >= today) return;
  await withTx(ctx, (ctx) =>
    ctx.db
      .update(table)
      .set({ lastUsedOn: today })
      .where(ownedBy(ctx, table, apiKeyId)),
  );
};

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
    await withdrawInvitationsOf(ctx, actorName({ type: "apiKey", id }));
  });

/**
 * Revokes the keys that a caller created, those that such keys created, and so on: whoever knows one key may know them all. Joins
 * the caller's transaction. Returns those that were valid; keys that `isKept` names stay.
 */
export async function revokeKeysOf(
  ctx: Ctx,
  creator: string,
  isKept: (key: { role: string; scopes: string[] | null }) => boolean = () => false,
): Promise<Id<"apiKey">[]> {
  const { id, createdBy, revokedAt, role, scopes } = table;
  const keys = await ctx.db.select({ id, createdBy, revokedAt, role, scopes }).from(table).where(ofTenant(ctx, table));
  const byCreator = Map.groupBy(keys, ({ createdBy }) => createdBy);
  const found = [...(byCreator.get(creator) ?? [])];
  // The list grows while it is read. A key has one creator, which is older than itself, so no key comes twice.
  for (const { id } of found) found.push(...(byCreator.get(actorName({ type: "apiKey", id })) ?? []));
  const valid = found.filter((key) => key.revokedAt === null && !isKept(key)).map(({ id }) => id);
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
  lastUsedOn: string | null;
  collections: Id<"collection">[] | null;
  allowance: Allowance;
};

/**
 * Authenticates a key that came from this address.
 *
 * @throws Problem `unauthenticated`, the same for every reason why a key is invalid; `address-not-allowed`
 */
export async function authenticate(key: string, address?: string): Promise<Credential> {
  const id = parseKey(key);
  if (!id) throw new Problem("unauthenticated");
  type Row = {
    tenant_id: string;
    tenant_status: string;
    is_platform: boolean;
    hmac: Buffer;
    previous_hmac: Buffer | null;
    previous_until: string | null;
    last_used_on: string | null;
    addresses: string[] | null;
    collections: string[] | null;
    role: string;
    scopes: string[] | null;
    expires_at: string | null;
    revoked_at: string | null;
    allowance: unknown;
  };
  // Without parameters it takes one round trip: for a parameter the client would request the type first.
  const query = `select * from app.find_api_key(${literal(toUuid(id))}::uuid)`;
  const [row] = await lookup("AppDatabase", (sql) => sql.unsafe<Row[]>(query));
  // For a key that does not exist the comparison takes the same time.
  const given = await hmacOf(key);
  const isCurrent = timingSafeEqual(given, row?.hmac ?? Buffer.alloc(32));
  const isPrevious = timingSafeEqual(given, row?.previous_hmac ?? Buffer.alloc(32));
  const isSame = isCurrent || (isPrevious && new Date(row?.previous_until ?? 0) > now());
  if (!row || !isSame || row.revoked_at !== null) throw new Problem("unauthenticated");
  const expiresAt = row.expires_at === null ? null : new Date(row.expires_at);
  if (expiresAt && expiresAt <= now()) throw new Problem("unauthenticated");
  if (["offboarding", "deleted"].includes(row.tenant_status)) throw new Problem("unauthenticated");
  if (row.addresses && !isWithin(address, row.addresses))
    throw new Problem("address-not-allowed", `The key may not be used from ${address ?? "an unknown address"}.`);
  return {
    tenantId: toId("tenant", row.tenant_id),
    tenantStatus: row.tenant_status,
    isPlatform: row.is_platform,
    apiKeyId: id,
    role: row.role,
    scopes: row.scopes,
    expiresAt,
    lastUsedOn: row.last_used_on,
    collections: row.collections?.map((id) => toId("collection", id)) ?? null,
    allowance: Allowance.parse(row.allowance),
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
const hmacOf = async (key: string): Promise<Buffer> =>
  createHmac("sha256", await pepper())
    .update(key)
    .digest();

const shape = (row: typeof table.$inferSelect): ApiKey =>
  ApiKey.parse({ ...row, lastUsedAt: row.lastUsedOn && new Date(row.lastUsedOn) });
