import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { type Ctx, withTx } from "../context.ts";
import { kms, open, seal } from "./kms.ts";

type DataKey = { key: Buffer; wrapped: Buffer };

/** Data keys of tenants seen by this process. */
const keys = new LRUCache<string, DataKey, Ctx>({
  max: 1_000,
  fetchMethod: (_id, _known, { context }) => load(context),
});

/** Encrypts with the tenant's data key. `context` says what the bytes are and must be the same on opening. */
export const sealForTenant = async (ctx: Ctx, plaintext: string, context: string): Promise<Buffer> =>
  seal((await dataKey(ctx)).key, Buffer.from(plaintext), context);

export const openForTenant = async (ctx: Ctx, sealed: Uint8Array, context: string): Promise<string> =>
  open((await dataKey(ctx)).key, Buffer.from(sealed), context).toString("utf8");

/** The tenant's data key as it is stored; KMS unwraps it. */
export const wrappedKey = async (ctx: Ctx): Promise<Buffer> => (await dataKey(ctx)).wrapped;

const dataKey = (ctx: Ctx): Promise<DataKey> => keys.forceFetch(ctx.tenantId, { context: ctx });

const load = (ctx: Ctx): Promise<DataKey> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.execute<{ wrapped: string }>(
      sql`select encode(data_key, 'base64') as wrapped from app.tenants where id = ${ctx.tenantId}`,
    );
    if (!row) throw new Error("the tenant has no data key");
    const wrapped = Buffer.from(row.wrapped, "base64");
    return { key: await kms().unwrap(ctx.tenantId, wrapped), wrapped };
  });
