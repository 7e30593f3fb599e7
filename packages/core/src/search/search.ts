import { createHash } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { modelsOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { only } from "../platform/database/rows.ts";
import { idSchema, toId } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { Problem } from "../platform/problems.ts";
import { cache } from "../platform/services/cache.ts";
import { EmbedderUnavailable, embedderOf } from "../platform/services/embedder.ts";
import { compileFilter } from "./filter.ts";
import { highlighter } from "./highlight.ts";
import { parseQuery } from "./query.ts";
import {
  ask,
  assertFewWords,
  candidatesOf,
  type Found,
  type Models,
  queryWords,
  type Request,
  type Row,
  served,
} from "./statement.ts";

export const SearchQuery = z.strictObject({
  /** `"…"` must be there as it stands, `-word` must not. */
  query: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .regex(/^[^\p{Cc}]*$/u, "must not have control characters")
    .refine((query) => parseQuery(query).words !== "", "must look for something beside what it excludes"),
  mode: z.enum(["hybrid", "keyword", "vector"]).default("hybrid"),
  limit: z.int().min(1).max(100).default(8),
  /** Conditions on the documents: `{"team": "legal", "createdAt": {"$gte": "2026-01-01T00:00:00Z"}}`. */
  filter: jsonObject.optional(),
  /** Documents of these collections only. */
  collectionIds: z.array(idSchema("collection")).min(1).max(100).optional(),
  /** Hits that one document may have. */
  maxChunksPerDocument: z.int().min(1).max(100).optional(),
  /** Each document once, by its best chunk. */
  groupBy: z.literal("document").optional(),
  /** Share of the score that a document loses as it ages, half of that in a month. */
  recencyBias: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    // Smaller ones change no order, and PostgreSQL refuses what is next to nothing.
    .transform((share) => (share < 1e-6 ? 0 : share)),
  /** Take the last word for the beginning of one, as while it is being typed. */
  prefix: z.boolean().default(false),
  /** Compute every distance, also where the tenant has an index: to measure what the index misses. */
  exact: z.boolean().default(false),
  /** Say how the answer came about. */
  explain: z.boolean().default(false),
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
  /** Places on either side before fusion, from 1; with `explain`. */
  ranks: z.object({ keyword: z.int().optional(), vector: z.int().optional() }).optional(),
});
export type SearchHit = z.output<typeof SearchHit>;
/** How the vectors were searched: not at all, all of the scope, by HNSW, or all of it since HNSW gave too few. */
const VectorPlan = z.enum(["none", "exact", "hnsw", "hnsw-then-exact"]);

/** A word of the query as it is indexed, how many chunks have it, and what it is worth. */
const Term = z.object({
  lexeme: z.string(),
  language: z.string(),
  chunks: z.int(),
  idf: z.number(),
  /** The query has only the beginning of it. */
  isBeginning: z.boolean(),
  /** So frequent that it ranks what the others find, and finds nothing itself. */
  isCommon: z.boolean(),
});

export const SearchResult = z.object({
  data: z.array(SearchHit),
  /** Said when the answer is by words alone, since no vector of the query could be had. */
  degraded: z.object({ reason: z.literal("embedder-unavailable") }).optional(),
  timingsMs: z.object({ embed: z.number(), query: z.number() }),
  plan: z
    .object({
      vectors: VectorPlan,
      model: z.string().nullable(),
      /** Of the index; measured nightly against exact answers. 1 where every distance is computed. */
      recall: z.number().nullable(),
      /** Chunks that each side gave to the fusion. */
      candidates: z.object({ keyword: z.int(), vector: z.int() }),
      terms: z.array(Term),
    })
    .optional(),
});
type VectorPlan = z.output<typeof VectorPlan>;

/** Chunks within a filter that are ranked exactly sooner than looked for in an index of all. */
const scopeExactMax = 2_000;

/**
 * Hybrid search inside the tenant: exact BM25 candidates and vector neighbours, fused by what each says of the query. The
 * neighbours are exact until the tenant has an HNSW index; a page that the index leaves short is asked for again
 * exactly. Both sides see serving versions only. Scores fall monotonically, ties by chunk id.
 *
 * @throws Problem `invalid-request`, `unavailable`
 */
export async function search(ctx: Ctx, input: Query): Promise<z.output<typeof SearchResult>> {
  const filter = conditionOf(input);
  const parsed = parseQuery(input.query, input.prefix);
  assertFewWords(parsed);
  const startedAt = performance.now();
  const asked: Omit<Request, "vector"> = {
    tenant: ctx.tenantId,
    parsed,
    ignoresWords: input.mode === "vector",
    filter,
    perDocument: input.groupBy ? 1 : (input.maxChunksPerDocument ?? null),
    limit: input.limit,
    recencyBias: input.recencyBias,
  };
  const byModels = async (models: AskedModels | null) => {
    const startedAt = performance.now();
    const vector = models && (await embedQuery(ctx, models.serving, parsed.words, input.mode));
    const embedMs = performance.now() - startedAt;
    const request: Request = { ...asked, vector };
    return withTx(ctx, async (ctx) => ({
      ...(await run(ctx, request, !input.exact && (models?.isIndexed ?? false))),
      terms: input.explain ? await termsOf(ctx, request) : [],
      vector,
      embedMs,
    }));
  };
  // Words alone need no model.
  const wantsVector = input.mode !== "keyword";
  const { vector, plan, found, terms, embedMs } = await (wantsVector ? askByModels(ctx, byModels) : byModels(null));
  const { keyword, vector: nearest } = found;
  const highlight = highlighter(input.query);
  const model = vector?.model ?? null;
  const recall = plan === "hnsw" ? (found.models?.recall ?? null) : 1;
  return {
    data: (found.rows ?? []).map((row) => shape(row, highlight, input.explain)),
    ...(wantsVector && !vector ? { degraded: { reason: "embedder-unavailable" as const } } : {}),
    timingsMs: { embed: round(embedMs), query: round(performance.now() - startedAt - embedMs) },
    ...(input.explain
      ? { plan: { vectors: plan, model, recall, candidates: { keyword, vector: nearest }, terms } }
      : {}),
  };
}

/** What documents must fulfil; undefined when nothing. */
const conditionOf = ({ filter, collectionIds }: Query): SQL | undefined => {
  const conditions = [
    ...(filter ? [compileFilter(filter)] : []),
    ...(collectionIds ? [sql`d.collection_id = any(${sql.param(collectionIds)}::uuid[])`] : []),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : undefined;
};

/** Chooses how vectors are searched; that is never left to the planner. */
const run = async (ctx: Ctx, request: Request, mayUseIndex: boolean): Promise<{ plan: VectorPlan; found: Found }> => {
  if (!request.vector) return { plan: "none", found: await ask(ctx, request, "none") };
  if (!mayUseIndex || (await isNarrow(ctx, request))) return { plan: "exact", found: await ask(ctx, request, "exact") };
  const found = await ask(ctx, request, "hnsw");
  if (found.vector >= candidatesOf(request)) return { plan: "hnsw", found };
  return { plan: "hnsw-then-exact", found: await ask(ctx, request, "exact") };
};

const isNarrow = async (ctx: Ctx, { tenant, filter }: Request): Promise<boolean> => {
  if (!filter) return false;
  const row = only(
    await ctx.db.execute<{ chunks: number }>(
      sql`select coalesce(sum(d.chunks), 0)::int as chunks from app.documents d where ${served(tenant)} and ${filter}`,
    ),
  );
  return row.chunks < scopeExactMax;
};

const termsOf = async (ctx: Ctx, { parsed }: Request) => {
  const rows = await ctx.db.execute<z.output<typeof Term>>(sql`
    select lexeme, language, frequency::int as chunks, idf, is_beginning as "isBeginning", is_common as "isCommon"
    from app.query_terms(${queryWords(parsed)})
    -- How many chunks have a word would tell of documents that the caller may not see.
    where frequency > 0 and not app.hides_collections() order by idf desc, lexeme`);
  return [...rows];
};

const queryVectorSeconds = 3_600;

/** Null when the words must do. What a service answered is kept for an hour. @throws Problem `unavailable` when they may not */
const embedQuery = async (ctx: Ctx, model: string, words: string, mode: Query["mode"]): Promise<Request["vector"]> => {
  try {
    const embedder = embedderOf(model);
    const embed = async () => (await embedder.embed([words], "query"))[0]!;
    if (embedder.isBuiltIn) return { model, values: await embed() };
    const key = createHash("sha256").update(`${model} ${words}`).digest("base64url");
    const load = async () => Array.from(await embed());
    const values = await cache.get(ctx, "query-vectors", key, { ttlSeconds: queryVectorSeconds, load });
    return { model, values: Float32Array.from(values!) };
  } catch (error) {
    if (!(error instanceof EmbedderUnavailable)) throw error;
    if (mode === "vector") throw new Problem("unavailable", undefined, { retryAfterSeconds: 5 }, { cause: error });
    return null;
  }
};

type AskedModels = Pick<Models, "serving" | "isIndexed">;

const tenantsMax = 10_000;
/** What each tenant's search asked last. */
const lastModels = new Map<string, AskedModels>();
/** Another change may come between; the third answer is taken as it is. */
const attemptsMax = 3;

/**
 * Asks by the models that were the tenant's when it was last asked. The answer says what they are, so that a search
 * needs no question before it, and one by models that have changed meanwhile is asked again.
 */
const askByModels = async <T extends { found: Found }>(
  ctx: Ctx,
  ask: (models: AskedModels) => Promise<T>,
): Promise<T> => {
  const { tenantId } = ctx;
  try {
    for (let attempt = 1; ; attempt++) {
      const assumed = lastModels.get(tenantId) ?? (await modelsOf(ctx));
      const answer = await ask(assumed);
      const current = answer.found.models ?? assumed;
      if (lastModels.size >= tenantsMax) lastModels.clear();
      lastModels.set(tenantId, current);
      const isSame = current.serving === assumed.serving && current.isIndexed === assumed.isIndexed;
      if (isSame || attempt === attemptsMax) return answer;
    }
  } catch (error) {
    // The service of a model that is not the tenant's any more may be what is away.
    lastModels.delete(tenantId);
    throw error;
  }
};

const present = <T>(values: Record<string, T | null>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Record<string, T>;

const shape = (row: Row, highlight: ReturnType<typeof highlighter>, explain: boolean): SearchHit => ({
  score: row.score,
  scores: present({ keyword: row.keyword_score, vector: row.vector_score }),
  document: { id: toId("document", row.document_id), name: row.name, metadata: row.metadata },
  chunk: {
    id: toId("chunk", row.chunk_id),
    text: row.text,
    page: row.page,
    headings: row.headings,
    charStart: row.char_start,
    charEnd: row.char_end,
  },
  highlights: highlight(row.text),
  ...(explain ? { ranks: present({ keyword: row.keyword_rank, vector: row.vector_rank }) } : {}),
});

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
