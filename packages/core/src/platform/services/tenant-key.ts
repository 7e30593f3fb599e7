import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../context.ts";
import { kms, open, seal } from "./kms.ts";

/** Unwrapped data keys of tenants seen by this process; bounded, oldest out first. */
const keys = new Map<string, Promise<Buffer>>();
const keysMax = 1_000;

/** Encrypts with the tenant's data key. `context` says what the bytes are and must be the same on opening. */
export const sealForTenant = async (ctx: Ctx, plaintext: string, context: string): Promise<Buffer> =>
  seal(await dataKey(ctx), Buffer.from(plaintext), context);

export const openForTenant = async (ctx: Ctx, sealed: Uint8Array, context: string): Promise<string> =>
  open(await dataKey(ctx), Buffer.from(sealed), context).toString("utf8");

const dataKey = (ctx: Ctx): Promise<Buffer> => {
  const known = keys.get(ctx.tenantId);
  if (known) return known;
  const loaded = load(ctx);
  if (keys.size >= keysMax) keys.delete(keys.keys().next().value!);
  keys.set(ctx.tenantId, loaded);
  loaded.catch(() => keys.delete(ctx.tenantId));
  return loaded;
};

const load = (ctx: Ctx): Promise<Buffer> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.execute<{ wrapped: string }>(
      sql`select encode(data_key, 'base64') as wrapped from app.tenants where id = ${ctx.tenantId}`,
    );
    if (!row) throw new Error("the tenant has no data key");
    return kms().unwrap(ctx.tenantId, Buffer.from(row.wrapped, "base64"));
  });
