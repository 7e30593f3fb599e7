import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { type Ctx, withTx } from "../context.ts";
import { kms, open, seal } from "./kms.ts";

/** Unwrapped data keys of tenants seen by this process. */
const keys = new LRUCache<string, Buffer, Ctx>({
  max: 1_000,
  fetchMethod: (_id, _known, { context }) => load(context),
});

/** Encrypts with the tenant's data key. `context` says what the bytes are and must be the same on opening. */
export const sealForTenant = async (ctx: Ctx, plaintext: string, context: string): Promise<Buffer> =>
  seal(await dataKey(ctx), Buffer.from(plaintext), context);

export const openForTenant = async (ctx: Ctx, sealed: Uint8Array, context: string): Promise<string> =>
  open(await dataKey(ctx), Buffer.from(sealed), context).toString("utf8");

const dataKey = (ctx: Ctx): Promise<Buffer> => keys.forceFetch(ctx.tenantId, { context: ctx });

const load = (ctx: Ctx): Promise<Buffer> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.execute<{ wrapped: string }>(
      sql`select encode(data_key, 'base64') as wrapped from app.tenants where id = ${ctx.tenantId}`,
    );
    if (!row) throw new Error("the tenant has no data key");
    return kms().unwrap(ctx.tenantId, Buffer.from(row.wrapped, "base64"));
  });
