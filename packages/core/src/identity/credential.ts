import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { literal, lookup } from "../platform/database/connections.ts";
import { ownedBy } from "../platform/database/rows.ts";
import { type Id, parseId, toId, toUuid } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { resource } from "../platform/resources.ts";
import { pepper } from "../platform/services/linked-secrets.ts";
import { isWithin } from "./addresses.ts";
import { apiKeyTable as table } from "./identity.sql.ts";
import { Allowance } from "./plan.ts";

/** What a valid API key says about its request. */
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

/** `rsk_live_<id>_<secret>_<checksum>`. By the checksum scanners find leaked keys, and a misspelt key needs no query. */
export const formatKey = (id: Id<"apiKey">, secret: Buffer): string => {
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
export const hmacOf = async (key: string): Promise<Buffer> =>
  createHmac("sha256", await pepper())
    .update(key)
    .digest();
