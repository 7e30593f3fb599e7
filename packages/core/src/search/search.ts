import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { modelsOf, pairs } from "../documents/index.ts";
import { cache } from "../platform/cache.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { EmbedderUnavailable, embedderOf } from "../platform/embedder.ts";
import { idSchema, toId, toUuid } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { Problem } from "../platform/problems.ts";
import { compileFilter } from "./filter.ts";
import { highlight } from "./highlight.ts";
import { type ParsedQuery, parseQuery } from "./query.ts";

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
  recencyBias: z.number().min(0).max(1).default(0),
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

export const SearchResult = z.object({
  data: z.array(SearchHit),
  /** Said when the answer is by words alone, since no vector of the query could be had. */
  degraded: z.object({ reason: z.literal("embedder-unavailable") }).optional(),
  timingsMs: z.object({ embed: z.number(), query: z.number() }),
  plan: z
    .object({
      vectors: VectorPlan,
      model: z.string().nullable(),
      /** Chunks that each side gave to the fusion. */
      candidates: z.object({ keyword: z.int(), vector: z.int() }),
      /** Words of the query as they are indexed, how many chunks have them, and what one is worth. */
      terms: z.array(z.object({ lexeme: z.string(), language: z.string(), chunks: z.int(), idf: z.number() })),
    })
    .optional(),
});

/** Candidates of each side before fusion. */
const candidatesMin = 50;
/** Reciprocal rank fusion: 1 / (60 + rank) (Cormack, Clarke, Büttcher, SIGIR 2009). */
const rankConstant = 60;
/** The first local embedder is weaker than BM25; equal weights lower the quality (measured: reference figures 0.4 against 1). */
const vectorWeight = 0.4;
/** Chunks within a filter that are ranked exactly sooner than looked for in an index of all. */
const scopeExactMax = 2_000;
const recencyHalfLifeDays = 30;

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
  keyword_rank: number | null;
  vector_rank: number | null;
  score: number;
};
type Found = { rows: Row[] | null; keyword: number; vector: number };

/** What one search asks of the database. */
type Request = {
  tenant: string;
  input: Query;
  perDocument: number | null;
  parsed: ParsedQuery;
  filter: SQL | undefined;
  model: string | null;
  vector: Float32Array | undefined;
  candidates: number;
};

/**
 * Hybrid search inside the tenant: exact BM25 candidates and vector neighbours, fused by weighted reciprocal rank. The
 * neighbours are exact until the tenant has an HNSW index; a page that the index leaves short is asked for again
 * exactly. Both sides see serving versions only. Scores fall monotonically, ties by chunk id.
 *
 * @throws Problem `invalid-request`, `unavailable`
 */
export async function search(ctx: Ctx, input: Query): Promise<z.output<typeof SearchResult>> {
  const filter = conditionOf(input);
  const parsed = parseQuery(input.query);
  const startedAt = performance.now();
  const wantsVector = input.mode !== "keyword";
  // Words alone need no model.
  const models = wantsVector ? await modelsInUse(ctx) : null;
  const model = models?.serving ?? null;
  const vector = model === null ? undefined : await embedQuery(model, parsed.words, input.mode);
  const embeddedAt = performance.now();
  const candidates = Math.max(candidatesMin, input.limit * 2);
  const perDocument = input.groupBy ? 1 : (input.maxChunksPerDocument ?? null);
  const request = { tenant: ctx.tenantUuid, input, perDocument, parsed, filter, model, vector, candidates };
  const { plan, found, terms } = await withTx(ctx, async (ctx) => ({
    ...(await run(ctx, request, models?.isIndexed ?? false)),
    terms: input.explain ? await termsOf(ctx, parsed.words) : [],
  }));
  return {
    data: (found.rows ?? []).map((row) => shape(row, input)),
    ...(wantsVector && !vector ? { degraded: { reason: "embedder-unavailable" as const } } : {}),
    timingsMs: { embed: round(embeddedAt - startedAt), query: round(performance.now() - embeddedAt) },
    ...(input.explain
      ? { plan: { vectors: plan, model, candidates: { keyword: found.keyword, vector: found.vector }, terms } }
      : {}),
  };
}

/** What documents must fulfil; undefined when nothing. */
const conditionOf = ({ filter, collectionIds }: Query): SQL | undefined => {
  const conditions = [
    ...(filter ? [compileFilter(filter)] : []),
    ...(collectionIds
      ? [sql`d.collection_id = any(${sql.param(`{${collectionIds.map(toUuid).join(",")}}`)}::uuid[])`]
      : []),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : undefined;
};

/** Chooses how vectors are searched; that is never left to the planner. */
const run = async (
  ctx: Ctx,
  request: Request,
  isIndexed: boolean,
): Promise<{ plan: z.output<typeof VectorPlan>; found: Found }> => {
  if (!request.vector)
    return { plan: "none", found: await ask(ctx, request, sql`select null::uuid, 0, 0, 0::float8 where false`) };
  if (!isIndexed || (await isNarrow(ctx, request)))
    return { plan: "exact", found: await ask(ctx, request, exact(request)) };
  const found = await ask(ctx, request, byIndex(request));
  if (found.vector >= request.candidates) return { plan: "hnsw", found };
  return { plan: "hnsw-then-exact", found: await ask(ctx, request, exact(request)) };
};

const isNarrow = async (ctx: Ctx, { tenant, filter }: Request): Promise<boolean> => {
  if (!filter) return false;
  const [row] = await ctx.db.execute<{ chunks: number }>(
    sql`select coalesce(sum(d.chunks), 0)::int as chunks from app.documents d where ${served(tenant)} and ${filter}`,
  );
  return row!.chunks < scopeExactMax;
};

const served = (tenant: string) =>
  sql`d.tenant_id = ${tenant} and d.live_version is not null and d.status <> 'deleting'`;
const halfvecOf = (vector: Float32Array | undefined) => sql`${`[${vector!.join(",")}]`}::halfvec(512)`;

/** Every vector of the scope. `+ 0` keeps the planner from an index's order. */
const exact = ({ tenant, filter, parsed, model, vector, perDocument: most, candidates }: Request): SQL => {
  const chunks = isRestricted(parsed)
    ? sql`join app.chunks c on c.tenant_id = e.tenant_id and c.document_id = e.document_id and c.version = e.version
        and c.ordinal = e.ordinal and c.tsv @@ (select demanded from restriction)`
    : sql``;
  const scoped = filter ? sql`and e.document_id = any((select ids from scope)::uuid[])` : sql``;
  const all = sql`select e.document_id, e.version, e.ordinal, (e.embedding <=> ${halfvecOf(vector)}) + 0 as distance
    from app.embeddings e join app.documents d
      on d.tenant_id = e.tenant_id and d.id = e.document_id and d.live_version = e.version and d.status <> 'deleting' ${chunks}
    where e.tenant_id = ${tenant} and e.model = ${model} ${scoped}`;
  const best = sql`order by distance, document_id, ordinal limit ${candidates}`;
  if (!most) return sql`${all} ${best}`;
  return sql`select document_id, version, ordinal, distance from (
      select a.*, row_number() over (partition by document_id order by distance, ordinal) as place from (${all}) a) p
    where place <= ${most} ${best}`;
};

/** More than are wanted where a document may fill the page with what it may not have. */
const overfetch = 4;

const byIndex = ({ filter, parsed, model, vector, perDocument: most, candidates }: Request): SQL => {
  const scope = filter ? sql`(select ids from scope)` : sql`null`;
  const restriction = isRestricted(parsed) ? sql`(select demanded from restriction)` : sql`null`;
  const nearest = sql`app.nearest(${halfvecOf(vector)}, ${model}, ${most ? candidates * overfetch : candidates}, ${scope}, ${restriction})`;
  if (!most) return sql`select * from ${nearest}`;
  return sql`select document_id, version, ordinal, distance from (
      select n.*, row_number() over (partition by document_id order by distance, ordinal) as place from ${nearest} n) p
    where place <= ${most} order by distance, document_id, ordinal limit ${candidates}`;
};

const isRestricted = ({ phrases, excluded }: ParsedQuery): boolean => phrases.length + excluded.length > 0;
const array = (texts: string[]) => sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;

/** Both sides, fused. `vectors` gives (document_id, version, ordinal, distance) and may read scope and restriction. */
const ask = async (ctx: Ctx, request: Request, vectors: SQL): Promise<Found> => {
  const { tenant, input, perDocument, parsed, filter, candidates } = request;
  const scope = filter
    ? sql`select coalesce(array_agg(d.id), '{}') as ids from app.documents d where ${served(tenant)} and ${filter}`
    : sql`select null::uuid[] as ids`;
  const restriction = isRestricted(parsed)
    ? sql`select app.restriction(o.languages, ${array(parsed.phrases)}, ${array(parsed.phrases.map(pairs))},
        ${array(parsed.excluded)}, ${array(parsed.excluded.map(pairs))}) as demanded from (select array_agg(language) as languages from app.corpora where tenant_id = ${tenant}) o`
    : sql`select null::tsquery as demanded`;
  const age = sql`extract(epoch from app.now() - d.created_at)::float8 / ${86_400 * recencyHalfLifeDays}`;
  const recency = sql`(1 - ${input.recencyBias}::float8 * (1 - power(2, - greatest(0, ${age}))))`;
  const [row] = await ctx.db.execute<Found>(sql`
    with scope as materialized (${scope}), restriction as materialized (${restriction}),
    keyword as materialized (
      select k.*, row_number() over (order by k.score desc, k.document_id, k.ordinal) as rank
      from app.keyword_candidates(${parsed.words}, ${pairs(parsed.words)}, ${input.mode === "vector" ? 0 : candidates},
        (select ids from scope), (select demanded from restriction), ${perDocument}) k),
    vector as materialized (
      select v.*, row_number() over (order by v.distance, v.document_id, v.ordinal) as rank
      from (${vectors}) v (document_id, version, ordinal, distance)),
    fused as (
      select coalesce(k.document_id, v.document_id) as document_id, coalesce(k.version, v.version) as version,
        coalesce(k.ordinal, v.ordinal) as ordinal, k.score as keyword_score, 1 - v.distance as vector_score,
        k.rank as keyword_rank, v.rank as vector_rank,
        coalesce(1.0 / (${rankConstant} + k.rank), 0) + coalesce(${vectorWeight}::float8 / (${rankConstant} + v.rank), 0) as score
      from keyword k full join vector v using (document_id, version, ordinal)),
    scored as (
      select c.id as chunk_id, c.text, c.page, c.headings, c.char_start, c.char_end, d.id as document_id, d.name, d.metadata,
        f.keyword_score, f.vector_score, f.keyword_rank, f.vector_rank, f.score::float8 * ${recency} as score
      from fused f
        join app.chunks c on c.tenant_id = ${tenant} and c.document_id = f.document_id and c.version = f.version and c.ordinal = f.ordinal
        join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id),
    placed as (
      select s.*, row_number() over (partition by document_id order by score desc, chunk_id) as place from scored s)
    select (select count(*)::int from keyword) as keyword, (select count(*)::int from vector) as vector,
      (select json_agg(r order by score desc, chunk_id) from (
        select * from placed where place <= ${perDocument ?? input.limit} order by score desc, chunk_id limit ${input.limit}) r) as rows`);
  return row!;
};

const termsOf = async (ctx: Ctx, words: string) => {
  const rows = await ctx.db.execute<{ lexeme: string; language: string; chunks: number; idf: number }>(
    sql`select lexeme, language, frequency::int as chunks, idf from app.query_terms(${words}, ${pairs(words)}) order by idf desc, lexeme`,
  );
  return [...rows];
};

/** Undefined when the words must do. @throws Problem `unavailable` when they may not */
const embedQuery = async (model: string, words: string, mode: Query["mode"]): Promise<Float32Array | undefined> => {
  try {
    const [vector] = await embedderOf(model).embed([words], "query");
    return vector;
  } catch (error) {
    if (!(error instanceof EmbedderUnavailable)) throw error;
    if (mode === "vector") throw new Problem("unavailable", undefined, { retryAfterSeconds: 5 }, { cause: error });
    return undefined;
  }
};

/** Remembered for seconds: vectors and the index of before are kept for a minute after a change. */
const modelsInUse = async (ctx: Ctx) => {
  const load = () => modelsOf(ctx);
  return (await cache.get(ctx, "models", "in-use", { ttlSeconds: 5, load }))!;
};

const present = <T>(values: Record<string, T | null>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Record<string, T>;

const shape = (row: Row, { query, explain }: Query): SearchHit =>
  SearchHit.parse({
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
    highlights: highlight(row.text, query),
    ...(explain ? { ranks: present({ keyword: row.keyword_rank, vector: row.vector_rank }) } : {}),
  });

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
