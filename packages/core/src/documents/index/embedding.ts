import { setImmediate } from "node:timers/promises";
import { type SQL, sql } from "drizzle-orm";
import { allowanceOf, isUsedUp } from "../../identity/index.ts";
import { type Ctx, recordUsage, withTx } from "../../platform/context.ts";
import { ofTenant, only } from "../../platform/database/rows.ts";
import { EmbedderUnavailable, embedderOf } from "../../platform/services/embedder.ts";
import { DocumentFailure } from "../failures.ts";
import type { Chunk } from "./chunk.ts";
import { embedderTable as table } from "./embedding.sql.ts";

/**
 * Models of a tenant: search uses `serving`; a `reembed` job prepares `next`. `isIndexed`: there is an HNSW index of
 * `serving`, and `recall` is its recall at the last check.
 */
export type Models = { serving: string; next: string | null; isIndexed: boolean; recall: number | null };
/**
 * By model, a function that returns the vectors of a range of a version's chunks. A built-in model computes them at the
 * call, while PostgreSQL writes the rows of the range before.
 */
export type Embeddings = ReadonlyMap<string, (from: number, to: number) => Promise<readonly Float32Array[]>>;

export const modelsOf = (ctx: Ctx, lock?: "share" | "update"): Promise<Models> =>
  withTx(ctx, async (ctx) => {
    const query = ctx.db.select().from(table).where(ofTenant(ctx, table));
    const [row] = await (lock ? query.for(lock) : query);
    if (!row) throw new Error("the tenant is not isolated yet");
    return { serving: row.serving, next: row.next, isIndexed: row.indexed === row.serving, recall: row.recall };
  });

/**
 * Embeds chunks with every model of the tenant. Call it outside a transaction.
 *
 * @throws EmbedderUnavailable, DocumentFailure `embedding-limit-reached`, when the model `serving` cannot be used
 */
export async function embedChunks(ctx: Ctx, chunks: readonly Text[], { serving, next }: Models): Promise<Embeddings> {
  const embeddings = new Map([[serving, await vectorsOf(ctx, serving, chunks)]]);
  if (next === null) return embeddings;
  try {
    embeddings.set(next, await vectorsOf(ctx, next, chunks));
  } catch (error) {
    // The `reembed` job adds the missing vectors later.
    if (!(error instanceof EmbedderUnavailable || error instanceof DocumentFailure)) throw error;
  }
  return embeddings;
}

/** Embedding this many chunks blocks the thread for about 5 ms. */
const chunksAtOnce = 25;

const vectorsOf = async (ctx: Ctx, model: string, chunks: readonly Text[]) => {
  if (embedderOf(model).isBuiltIn)
    return async (from: number, to: number) => {
      const vectors: Float32Array[] = [];
      for (let start = from; start < Math.min(to, chunks.length); start += chunksAtOnce) {
        // Yield, so that the database driver can send the concurrent statement.
        await setImmediate();
        vectors.push(...(await embedWith(ctx, model, chunks.slice(start, Math.min(start + chunksAtOnce, to)))));
      }
      return vectors;
    };
  const vectors = await embedWith(ctx, model, chunks);
  return async (from: number, to: number) => vectors.slice(from, to);
};

type Text = Pick<Chunk, "text" | "headings" | "context">;

/** The text to embed. The heading path and the table's context add what the chunk's own words lack. */
const contextualised = ({ text, headings, context }: Text): string => {
  const above = context ? [...headings, context] : headings;
  return above.length > 0 ? `${above.join(" > ")}\n\n${text}` : text;
};

/** The position of a chunk among all chunks of a tenant. */
export type ChunkKey = { documentId: string; version: number; ordinal: number };
export type UnembeddedChunk = ChunkKey & Text;

/** Chunks of live versions, and of deleted documents that can be restored, without a vector of the model, in order after `after`. */
export const unembedded = (ctx: Ctx, model: string, after: ChunkKey | undefined, limit: number) =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db.execute<UnembeddedChunk>(sql`
      select c.document_id as "documentId", c.version, c.ordinal, c.text, c.headings, c.context ${liveChunks(ctx)}
        and (c.document_id, c.version, c.ordinal) > (${after?.documentId ?? firstUuid}, ${after?.version ?? 0}, ${after?.ordinal ?? 0})
        and not exists (select from app.embeddings e where e.tenant_id = c.tenant_id and e.model = ${model}
          and e.document_id = c.document_id and e.version = c.version and e.ordinal = c.ordinal)
      order by c.document_id, c.version, c.ordinal limit ${limit}`);
    return [...rows];
  });

const firstUuid = "00000000-0000-0000-0000-000000000000";

export const countChunks = async (ctx: Ctx): Promise<number> => {
  const row = only(await ctx.db.execute<{ count: number }>(sql`select count(*)::int as count ${liveChunks(ctx)}`));
  return row.count;
};

const liveChunks = (ctx: Ctx) => sql`
  from app.chunks c join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id and c.version = d.live_version * d.index_sign
  where c.tenant_id = ${ctx.tenantId}`;

/**
 * Embeds chunks with the model, and counts the tokens that its service bills. Call it outside a transaction, because a service may be
 * slow. Calls at the same moment do not see each other's tokens.
 *
 * @throws EmbedderUnavailable, DocumentFailure `embedding-limit-reached`
 */
export const embedWith = async (ctx: Ctx, model: string, chunks: readonly Text[]): Promise<Float32Array[]> => {
  const embedder = embedderOf(model);
  const texts = chunks.map(contextualised);
  if (embedder.isBuiltIn) return embedder.embed(texts, "document");
  if (isUsedUp(await withTx(ctx, allowanceOf), "embeddingTokens")) throw new DocumentFailure("embedding-limit-reached");
  let embeddingTokens = 0;
  try {
    return await embedder.embed(texts, "document", ({ tokens }) => {
      embeddingTokens = tokens;
    });
  } finally {
    // Also of a call that fails in the end: some of its texts were billed.
    if (embeddingTokens > 0) await withTx(ctx, async (ctx) => recordUsage(ctx, { embeddingTokens }));
  }
};

/** Stores vectors of chunks that still exist. Joins the caller's transaction. */
export async function storeVectors(
  ctx: Ctx,
  model: string,
  chunks: readonly ChunkKey[],
  vectors: readonly Float32Array[],
): Promise<void> {
  const documents = [...new Set(chunks.map(({ documentId }) => documentId))].sort();
  // Lock the documents before the join with their chunks: otherwise a concurrent replacement would leave a vector without a chunk.
  await ctx.db.execute(sql`
    select from app.documents where tenant_id = ${ctx.tenantId} and id = any(${sql.param(documents)}::uuid[])
    order by id for share`);
  // There is one vector per chunk.
  const rows = chunks.map(({ documentId, version, ordinal }, at) => ({
    document_id: documentId,
    version,
    ordinal,
    vector: scaled(vectors[at]!),
  }));
  await ctx.db.execute(sql`
    insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
    select c.tenant_id, c.document_id, c.version, c.ordinal, ${model}, ${unscaled(sql`v.vector`)}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as v (document_id uuid, version int, ordinal int, vector text)
      join app.chunks c on c.tenant_id = ${ctx.tenantId} and c.document_id = v.document_id and c.version = v.version and c.ordinal = v.ordinal
    on conflict do nothing`);
}

/** From now on new documents are also embedded with this model. Joins the caller's transaction. */
export const prepareModel = async (ctx: Ctx, model: string): Promise<void> => {
  const { serving } = await modelsOf(ctx, "update");
  await setModels(ctx, { next: model === serving ? null : model });
};

/**
 * Switches search to the model when every chunk has its vector; returns false otherwise. `writeParts` locks the models
 * too, so no chunk without a vector can be added in between. Joins the caller's transaction.
 */
export async function switchModel(ctx: Ctx, model: string): Promise<boolean> {
  await modelsOf(ctx, "update");
  const missing = await unembedded(ctx, model, undefined, 1);
  if (missing.length > 0) return false;
  await setModels(ctx, { serving: model, next: null });
  return true;
}

/** Stops the preparation of the next model. Joins the caller's transaction. */
export const forgetNextModel = (ctx: Ctx): Promise<void> => setModels(ctx, { next: null });

const setModels = async (ctx: Ctx, models: { serving?: string; next: string | null }): Promise<void> => {
  await ctx.db.update(table).set(models).where(ofTenant(ctx, table));
};

/** Removes up to `limit` vectors of models that the tenant does not use; returns how many. Joins the caller's transaction. */
export async function pruneVectors(ctx: Ctx, limit: number): Promise<number> {
  const { serving, next } = await modelsOf(ctx, "share");
  const rows = await ctx.db.execute(sql`
    delete from app.embeddings e using (
      select document_id, version, ordinal, model from app.embeddings
      where tenant_id = ${ctx.tenantId} and model <> ${serving} and model is distinct from ${next} limit ${limit}) gone
    where e.tenant_id = ${ctx.tenantId} and e.document_id = gone.document_id and e.version = gone.version
      and e.ordinal = gone.ordinal and e.model = gone.model returning 1`);
  return rows.length;
}

/** Half-precision numbers have 11 significant bits; this many steps between 0 and 1 lose no more than they do. */
const steps = 2 ** 15;

/**
 * The text of a unit vector in whole steps, the input of `unscaled`. PostgreSQL parses integers in half the time of
 * decimals. Writing from the end of the buffer also halves the time, because a division yields the last digit first.
 */
export const scaled = (vector: Float32Array): string => {
  const text = Buffer.allocUnsafe(vector.length * "-32768,".length + 1);
  let at = text.length;
  for (let n = vector.length - 1; n >= 0; n--) {
    text[--at] = comma;
    const whole = Math.round((vector[n] ?? 0) * steps);
    let rest = Math.abs(whole);
    do {
      const tenth = Math.trunc(rest / 10);
      text[--at] = zero + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
    if (whole < 0) text[--at] = minus;
  }
  text[--at] = opening;
  text[text.length - 1] = closing;
  return text.toString("latin1", at);
};

const [comma, minus, zero, opening, closing] = [0x2c, 0x2d, 0x30, 0x5b, 0x5d];

/** SQL: the vector that `scaled` wrote as text. */
export const unscaled = (text: SQL): SQL =>
  sql`${text}::halfvec(512) * array_fill(${sql.raw(String(1 / steps))}::real, array[512])::halfvec(512)`;
