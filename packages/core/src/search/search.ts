import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { ChunkPlace } from "../documents/index.ts";
import { readsAll } from "../identity/index.ts";
import type { Ctx } from "../platform/context.ts";
import { only } from "../platform/database/rows.ts";
import { idSchema, toId } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { withReadTx } from "../platform/replica.ts";
import { searchVersions, unchanged } from "../platform/versions.ts";
import { cachedSearch, type Searched } from "./cached.ts";
import { type Also, alsoIn } from "./duplicates.ts";
import { compileFilter } from "./filter.ts";
import { highlighter } from "./highlight.ts";
import { embedQuery, type ModelState, withModels } from "./models.ts";
import { type ParsedQuery, parseQuery } from "./query.ts";
import { candidatesOf, type Found, isSearchable, type Request, type Row, runStatement } from "./statement.ts";
import { assertFewWords, queryWords } from "./words.ts";

/** A text that may have been pasted: its line breaks and tabs become spaces. */
export const line = (charsMax: number) =>
  z
    .string()
    .overwrite((text) => text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]/gu, " "))
    .trim()
    .min(1)
    .max(charsMax)
    // As a pattern it would be described before the spaces are replaced, and with its flag.
    .refine((text) => !/\p{Cc}/u.test(text), "must not have control characters");

export const SearchQuery = z.strictObject({
  /** A hit contains each phrase `"…"` word for word, and no excluded `-word`. Line breaks and tabs count as spaces. */
  query: line(8_000).refine(
    (query) => parseQuery(query).words !== "",
    "must look for something beside what it excludes",
  ),
  mode: z.enum(["hybrid", "keyword", "vector"]).default("hybrid"),
  limit: z.int().min(1).max(100).default(8),
  /** Conditions on the documents: `{"team": "legal", "createdAt": {"$gte": "2026-01-01T00:00:00Z"}}`. */
  filter: jsonObject.optional(),
  /** Documents of these collections only. */
  collectionIds: z.array(idSchema("collection")).min(1).max(100).optional(),
  /** The largest number of hits per document. */
  maxChunksPerDocument: z.int().min(1).max(100).optional(),
  /** Each document once, by its best chunk. */
  groupBy: z.literal("document").optional(),
  /** Share of the score that a document loses as it ages, half of that in a month. */
  recencyBias: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    // A smaller share does not change the order, and PostgreSQL rejects a number near zero as an underflow.
    .transform((share) => (share < 1e-6 ? 0 : share)),
  /** Hits with a lower `score` are left out. */
  minScore: z.number().min(0).max(1).default(0),
  /** The last word may be incomplete, as in a search while typing. */
  prefix: z.boolean().default(false),
  /** Compute every distance, even when the tenant has an index: to measure the index's recall. */
  exact: z.boolean().default(false),
  /** Return the plan of the search. */
  explain: z.boolean().default(false),
});

type Query = z.output<typeof SearchQuery>;

export const SearchHit = z.object({
  /** From 0 to 1. Of the hits with a score of 0.5, about half answered the query on the relevance sets (docs/search.md). */
  score: z.number(),
  scores: z.object({ keyword: z.number().optional(), vector: z.number().optional() }),
  document: z.object({ id: idSchema("document"), name: z.string(), metadata: jsonObject }),
  /** Other documents with the same bytes that the search would find as well; at most 100. */
  alsoIn: z.array(z.object({ id: idSchema("document"), name: z.string() })).optional(),
  chunk: z.object({
    id: idSchema("chunk"),
    text: z.string(),
    ...ChunkPlace,
    headings: z.array(z.string()),
    charStart: z.int(),
    charEnd: z.int(),
  }),
  /** Spans of `chunk.text` that match words of the query, in UTF-16 units; in any inflection, with accents or without. */
  highlights: z.array(z.tuple([z.int(), z.int()])),
  /** Ranks in the keyword and the vector side before fusion, from 1; with `explain`. */
  ranks: z.object({ keyword: z.int().optional(), vector: z.int().optional() }).optional(),
});
export type SearchHit = z.output<typeof SearchHit>;
/** How vectors were searched: not at all, exactly, by HNSW, or exactly after HNSW returned too few candidates. */
const VectorPlan = z.enum(["none", "exact", "hnsw", "hnsw-then-exact"]);

/** A lexeme of the query, the number of chunks that contain it, and its weight. */
const Term = z.object({
  lexeme: z.string(),
  language: z.string(),
  chunks: z.int(),
  idf: z.number(),
  /** It is another form of a word of the query, such as one without its accents, and has less weight. */
  isForm: z.boolean(),
  /** It completes an incomplete word of the query. */
  isBeginning: z.boolean(),
  /** It is so frequent that it only ranks candidates of other terms, and finds none itself. */
  isCommon: z.boolean(),
});

export const SearchResult = z.object({
  data: z.array(SearchHit),
  /** The search used words only, because the query could not be embedded. */
  degraded: z.object({ reason: z.literal("embedder-unavailable") }).optional(),
  /** What the search left out because nothing has it: no hit contains the required phrases. */
  relaxed: z.array(z.literal("phrase")).optional(),
  timingsMs: z.object({ embed: z.number(), query: z.number() }),
  plan: z
    .object({
      vectors: VectorPlan,
      model: z.string().nullable(),
      /** The recall of the index, measured nightly against exact search; 1 for an exact search. */
      recall: z.number().nullable(),
      /** The number of candidates of each side. */
      candidates: z.object({ keyword: z.int(), vector: z.int() }),
      terms: z.array(Term),
    })
    .optional(),
});
type VectorPlan = z.output<typeof VectorPlan>;

/** For fewer chunks than this, exact search of a filter's or the caller's documents is faster than the tenant's index. */
const scopeExactMax = 2_000;

/**
 * Hybrid search inside the tenant: fuses the scores of exact BM25 candidates and of the nearest vectors. The vector side is
 * exact until the tenant has an HNSW index; when the index returns too few candidates, the search is repeated exactly. Both
 * sides contain live versions only. Hits are in descending order of score, equal scores in order of the chunk's id. An equal search
 * that no write has outdated is not repeated.
 *
 * @throws Problem `invalid-request`, `unavailable`
 */
export async function search(ctx: Ctx, input: Query): Promise<Result> {
  const startedAt = performance.now();
  const parsed = parseQuery(input.query, input.prefix);
  assertFewWords(parsed);
  const fresh = () => searchNow(ctx, input, parsed);
  // Both ask how the search is done.
  if (input.explain || input.exact) return (await fresh()).result;
  let isFresh = false;
  const load = () => {
    isFresh = true;
    return fresh();
  };
  const result = await cachedSearch(ctx, input, load, ({ degraded }) => !degraded);
  return isFresh ? result : { ...result, timingsMs: { embed: 0, query: round(performance.now() - startedAt) } };
}

const searchNow = async (ctx: Ctx, input: Query, parsed: ParsedQuery): Promise<Searched<Result>> => {
  const strict = await searchFor(ctx, input, parsed, nothing);
  if (strict.result.data.length > 0 || parsed.phrases.length === 0) return strict;
  // Later, so it saw at least as much; the version before both and of this one say whether anything changed between them.
  const { result, seen } = await searchFor(ctx, input, { ...parsed, phrases: [] }, nothing);
  return { result: result.data.length > 0 ? { ...result, relaxed: ["phrase"] } : strict.result, seen };
};

type Result = z.output<typeof SearchResult>;
/** Reads more about the hits, in the transaction of their search. `rarities` has the idf of the query's lexemes by language. */
type Read<T> = (ctx: Ctx, found: { hits: SearchHit[]; rarities: NonNullable<Found["lexemes"]> }) => Promise<T>;
const nothing: Read<undefined> = async () => undefined;

/** `search` for a query without phrases, and what `read` returns for its hits, which have no highlights. */
export const searchAndRead = <T>(ctx: Ctx, input: Query, read: Read<T>): Promise<{ result: Result; more: T }> =>
  searchFor(ctx, input, parseQuery(input.query), read, () => []);

const searchFor = async <T>(
  ctx: Ctx,
  input: Query,
  parsed: ParsedQuery,
  read: Read<T>,
  highlight = highlighter(input.query),
): Promise<Searched<Result> & { more: T }> => {
  const startedAt = performance.now();
  const parameters: Omit<Request, "vector"> = {
    tenant: ctx.tenantId,
    parsed,
    ignoresWords: input.mode === "vector",
    filter: conditionOf(input),
    perDocument: input.groupBy ? 1 : (input.maxChunksPerDocument ?? null),
    limit: input.limit,
    recencyBias: input.recencyBias,
    minScore: input.minScore,
  };
  const searchWith = async (models: ModelState | null) => {
    const startedAt = performance.now();
    const vector = models && (await embedQuery(ctx, models.serving, parsed.words, input.mode));
    const embedMs = performance.now() - startedAt;
    const request: Request = { ...parameters, vector };
    return withReadTx(ctx, searchVersions, async (ctx) => {
      const ran = await run(ctx, request, !input.exact && (models?.isIndexed ?? false));
      const terms = input.explain ? await termsOf(ctx, request) : [];
      const also = await alsoIn(ctx, ran.found);
      const hits = (ran.found.rows ?? []).map((row) => shape(row, also, highlight, input.explain));
      const more = await read(ctx, { hits, rarities: ran.found.lexemes ?? {} });
      return { ...ran, hits, more, terms, vector, embedMs };
    });
  };
  // A keyword search needs no model.
  const usesVector = input.mode !== "keyword";
  const { vector, plan, found, hits, more, terms, embedMs } = await (usesVector
    ? withModels(ctx, searchWith)
    : searchWith(null));
  const { keyword, vector: nearest } = found;
  const model = vector?.model ?? null;
  const recall = plan === "hnsw" ? (found.models?.recall ?? null) : 1;
  const result: Result = {
    data: hits,
    ...(usesVector && !vector ? { degraded: { reason: "embedder-unavailable" as const } } : {}),
    timingsMs: { embed: round(embedMs), query: round(performance.now() - startedAt - embedMs) },
    ...(input.explain
      ? { plan: { vectors: plan, model, recall, candidates: { keyword, vector: nearest }, terms } }
      : {}),
  };
  // The names of duplicates are read after the hits.
  const seen = found.duplicates.length === 0 ? (found.version ?? unchanged) : undefined;
  return { result, more, seen };
};

/** The condition on documents; undefined for all documents. */
const conditionOf = ({ filter, collectionIds }: Query): SQL | undefined => {
  const conditions = [
    ...(filter ? [compileFilter(filter)] : []),
    ...(collectionIds ? [sql`d.collection_id = any(${sql.param(collectionIds)}::uuid[])`] : []),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : undefined;
};

/** Chooses how vectors are searched; PostgreSQL's planner never does. */
const run = async (ctx: Ctx, request: Request, mayUseIndex: boolean): Promise<{ plan: VectorPlan; found: Found }> => {
  if (!request.vector) return { plan: "none", found: await runStatement(ctx, request, "none") };
  if (!mayUseIndex || (await isNarrow(ctx, request)))
    return { plan: "exact", found: await runStatement(ctx, request, "exact") };
  const found = await runStatement(ctx, request, "hnsw");
  if (found.vector >= candidatesOf(request)) return { plan: "hnsw", found };
  return { plan: "hnsw-then-exact", found: await runStatement(ctx, request, "exact") };
};

/** Are few chunks left by the filter and, by the policies, for a caller from whom access lists hide documents? */
const isNarrow = async (ctx: Ctx, { tenant, filter }: Request): Promise<boolean> => {
  if (!filter && readsAll(ctx.role) && ctx.collections === null) return false;
  const chunks = sql`select coalesce(sum(d.chunks), 0)::int from app.documents d where ${isSearchable(tenant)} and ${filter ?? sql`true`}`;
  const isScoped = filter ? sql`true` : sql`app.hides_collections()`;
  const row = only(
    await ctx.db.execute<{ chunks: number | null }>(sql`select case when ${isScoped} then (${chunks}) end as chunks`),
  );
  return row.chunks !== null && row.chunks < scopeExactMax;
};

const termsOf = async (ctx: Ctx, { parsed }: Request) => {
  const rows = await ctx.db.execute<z.output<typeof Term>>(sql`
    select lexeme, language, frequency::int as chunks, idf, is_form as "isForm", is_beginning as "isBeginning", is_common as "isCommon"
    from app.query_terms(${queryWords(parsed)})
    -- The number of chunks with a word would reveal documents that the caller may not see.
    where frequency > 0 and not app.hides_collections() order by idf desc, lexeme`);
  return [...rows];
};

const present = <T>(values: Record<string, T | null>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));

const shape = (row: Row, also: Also, highlight: ReturnType<typeof highlighter>, explain: boolean): SearchHit => ({
  score: row.score,
  scores: present({ keyword: row.keyword_score, vector: row.vector_score }),
  document: { id: toId("document", row.document_id), name: row.name, metadata: row.metadata },
  ...(also.has(row.document_id)
    ? { alsoIn: also.get(row.document_id)?.map(({ id, name }) => ({ id: toId("document", id), name })) }
    : {}),
  chunk: {
    id: toId("chunk", row.chunk_id),
    text: row.text,
    page: row.page,
    context: row.context,
    sheet: row.sheet,
    cells: row.cells,
    headings: row.headings,
    charStart: row.char_start,
    charEnd: row.char_end,
  },
  highlights: highlight(row.text, row.matches),
  ...(explain ? { ranks: present({ keyword: row.keyword_rank, vector: row.vector_rank }) } : {}),
});

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
