import { sql } from "drizzle-orm";
import { z } from "zod";
import { modelsOf } from "../documents/index.ts";
import { cache } from "../platform/cache.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { EmbedderUnavailable, embedderOf } from "../platform/embedder.ts";
import { idSchema, toId } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { Problem } from "../platform/problems.ts";

export const SearchQuery = z.strictObject({
  query: z.string().trim().min(1).max(2_000),
  mode: z.enum(["hybrid", "keyword", "vector"]).default("hybrid"),
  limit: z.int().min(1).max(100).default(8),
});

type Query = z.output<typeof SearchQuery>;

export const SearchHit = z.object({
  score: z.number(),
  scores: z.object({ keyword: z.number().optional(), vector: z.number().optional() }),
  document: z.object({ id: idSchema("document"), name: z.string(), metadata: jsonObject }),
  chunk: z.object({
    id: idSchema("chunk"),
    text: z.string(),
    page: z.int().nullable(),
    headings: z.array(z.string()),
    charStart: z.int(),
    charEnd: z.int(),
  }),
  /** Spans of `chunk.text` that match words of the query, in UTF-16 units. */
  highlights: z.array(z.tuple([z.int(), z.int()])),
});
export type SearchHit = z.output<typeof SearchHit>;
export const SearchResult = z.object({
  data: z.array(SearchHit),
  /** Said when the answer is by words alone, since no vector of the query could be had. */
  degraded: z.object({ reason: z.literal("embedder-unavailable") }).optional(),
  timingsMs: z.object({ embed: z.number(), query: z.number() }),
});

/** Candidates of each side before fusion. */
const candidatesMin = 50;
/** Reciprocal rank fusion: 1 / (60 + rank) (Cormack, Clarke, Büttcher, SIGIR 2009). */
const rankConstant = 60;
/** The first local embedder is weaker than BM25; equal weights lower the quality (measured: reference figures 0.4 against 1). */
const vectorWeight = 0.4;

type Row = {
  chunk_id: string;
  text: string;
  page: number | null;
  headings: string[];
  char_start: number;
  char_end: number;
  document_id: string;
  name: string;
  metadata: Record<string, unknown>;
  keyword_score: number | null;
  vector_score: number | null;
  score: number;
};

/**
 * Hybrid search inside the tenant: exact BM25 candidates and exact vector neighbours, fused by weighted reciprocal
 * rank. Both sides see serving versions only. Scores fall monotonically, ties by chunk id.
 *
 * @throws Problem `unavailable`
 */
export async function search(ctx: Ctx, input: Query): Promise<z.output<typeof SearchResult>> {
  const startedAt = performance.now();
  const wantsVector = input.mode !== "keyword";
  // Words alone need no model.
  const model = wantsVector ? await servingModel(ctx) : null;
  const vector = model === null ? undefined : await embedQuery(model, input);
  const embeddedAt = performance.now();
  const candidates = Math.max(candidatesMin, input.limit * 2);
  const rows = await withTx(ctx, (ctx) =>
    ctx.db.execute<Row>(sql`
      with keyword as materialized (
        select k.*, row_number() over (order by k.score desc, k.document_id, k.ordinal) as rank
        from app.keyword_candidates(${input.query}, ${input.mode === "vector" ? 0 : candidates}) k),
      vector as materialized (
        select v.*, row_number() over (order by v.distance, v.document_id, v.ordinal) as rank from (
          select e.document_id, e.version, e.ordinal, e.embedding <=> ${vector ? `[${vector.join(",")}]` : null}::halfvec(512) as distance
          from app.embeddings e join app.documents d
            on d.tenant_id = e.tenant_id and d.id = e.document_id and d.live_version = e.version and d.status <> 'deleting'
          where e.tenant_id = ${ctx.tenantUuid} and e.model = ${model}
          order by distance, e.document_id, e.ordinal limit ${vector ? candidates : 0}) v),
      fused as (
        select coalesce(k.document_id, v.document_id) as document_id, coalesce(k.version, v.version) as version,
          coalesce(k.ordinal, v.ordinal) as ordinal, k.score as keyword_score, 1 - v.distance as vector_score,
          coalesce(1.0 / (${rankConstant} + k.rank), 0) + coalesce(${vectorWeight}::float8 / (${rankConstant} + v.rank), 0) as score
        from keyword k full join vector v using (document_id, version, ordinal))
      select c.id as chunk_id, c.text, c.page, c.headings, c.char_start, c.char_end, d.id as document_id, d.name, d.metadata,
        f.keyword_score, f.vector_score, f.score::float8 as score
      from fused f
        join app.chunks c on c.tenant_id = ${ctx.tenantUuid} and c.document_id = f.document_id and c.version = f.version and c.ordinal = f.ordinal
        join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id
      order by f.score desc, c.id limit ${input.limit}`),
  );
  const data = rows.map((row) => shape(row, input.query));
  return {
    data,
    ...(wantsVector && !vector ? { degraded: { reason: "embedder-unavailable" as const } } : {}),
    timingsMs: { embed: round(embeddedAt - startedAt), query: round(performance.now() - embeddedAt) },
  };
}

/** Undefined when the words must do. @throws Problem `unavailable` when they may not */
const embedQuery = async (model: string, { query, mode }: Query): Promise<Float32Array | undefined> => {
  try {
    const [vector] = await embedderOf(model).embed([query], "query");
    return vector;
  } catch (error) {
    if (!(error instanceof EmbedderUnavailable)) throw error;
    if (mode === "vector") throw new Problem("unavailable", undefined, { retryAfterSeconds: 5 }, { cause: error });
    return undefined;
  }
};

/** Remembered for seconds: vectors of the model before are kept for a minute after a change. */
const servingModel = async (ctx: Ctx): Promise<string> => {
  const load = async () => (await modelsOf(ctx)).serving;
  return (await cache.get(ctx, "models", "serving", { ttlSeconds: 5, load }))!;
};

const shape = (row: Row, query: string): SearchHit =>
  SearchHit.parse({
    score: row.score,
    scores: {
      ...(row.keyword_score === null ? {} : { keyword: row.keyword_score }),
      ...(row.vector_score === null ? {} : { vector: row.vector_score }),
    },
    document: { id: toId("document", row.document_id), name: row.name, metadata: row.metadata },
    chunk: {
      id: toId("chunk", row.chunk_id),
      text: row.text,
      page: row.page,
      headings: row.headings,
      charStart: row.char_start,
      charEnd: row.char_end,
    },
    highlights: highlight(row.text, query),
  });

const highlightsMax = 50;

/** Words of the text that start like a word of the query: the stem decides in SQL, a shared beginning is enough to show. */
const highlight = (text: string, query: string): [number, number][] => {
  const wanted = words(query).map(({ word }) => word.slice(0, Math.max(4, word.length - 2)));
  return words(text)
    .filter(({ word }) => word.length > 2 && wanted.some((beginning) => word.startsWith(beginning)))
    .slice(0, highlightsMax)
    .map(({ start, end }) => [start, end]);
};

const words = (text: string) =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
    word: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
