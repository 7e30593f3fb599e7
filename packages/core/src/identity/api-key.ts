import { randomBytes } from "node:crypto";
import { and, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { listPage, lockRow, ofTenant, only, ownedBy, updateRows } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import { momentText } from "../platform/moment.ts";
import { displayName } from "../platform/name.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { networkOf } from "./addresses.ts";
import { ApiKeyCreated, ApiKeyRotated, ApiKeyUpdated } from "./api-key.events.ts";
import { formatKey, hmacOf } from "./credential.ts";
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

export const listApiKeys = (ctx: Ctx, page: Page<"apiKey">): Promise<PageOf<ApiKey>> =>
  withTx(ctx, (ctx) => listPage(ctx, table, page, shape));

/** Returns which of these ids are keys of the tenant, including revoked keys. Joins the caller's transaction. */
export async function findApiKeys(ctx: Ctx, ids: readonly Id<"apiKey">[]): Promise<Set<Id<"apiKey">>> {
  const requested = and(ofTenant(ctx, table), inArray(table.id, ids));
  const rows = await ctx.db.select({ id: table.id }).from(table).where(requested);
  return new Set(rows.map(({ id }) => id));
}

const shape = (row: typeof table.$inferSelect): ApiKey =>
  ApiKey.parse({ ...row, lastUsedAt: row.lastUsedOn && new Date(row.lastUsedOn) });
