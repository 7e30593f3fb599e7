import { type SQL, sql } from "drizzle-orm";
import type { z } from "zod";
import type { Ctx } from "../platform/context.ts";
import { only } from "../platform/database/rows.ts";
import type { jsonObject } from "../platform/json.ts";
import { searchVersions, versionSql } from "../platform/versions.ts";
import type { ParsedQuery } from "./query.ts";
import { lettersCosineMin, scoreOf } from "./score.ts";
import { allWordsOf, textArray, wordLists } from "./words.ts";

/** A hit as the statement returns it. */
export type Row = {
  chunk_id: string;
  text: string;
  page: number | null;
  context: string | null;
  sheet: string | null;
  cells: string | null;
  headings: string[];
  char_start: number;
  char_end: number;
  document_id: string;
  name: string;
  metadata: z.output<typeof jsonObject>;
  keyword_score: number | null;
  vector_score: number | null;
  keyword_rank: number | null;
  vector_rank: number | null;
  score: number;
  /** Positions of words that match the query, from 1: words of the text, then those of the context. */
  matches: number[];
};
/** `duplicates`: the documents that an older one with the same bytes stands for. */
export type Found = {
  rows: Row[] | null;
  keyword: number;
  vector: number;
  duplicates: string[];
  models: Models | null;
  /** Of what the search sees; null before the first change. */
  version: string | null;
  /** The inverse document frequencies of the query's lexemes that a chunk contains, by language; null without any. */
  lexemes: Record<string, Record<string, number>> | null;
};

/** The tenant's current model, whether it has an HNSW index, and the index's recall at the last check. */
export type Models = { serving: string; isIndexed: boolean; recall: number | null };

/** The parameters of a search statement. */
export type Request = {
  tenant: string;
  parsed: ParsedQuery;
  /** Use only the vector side. */
  ignoresWords: boolean;
  /** A condition on `d`, a row of app.documents. */
  filter: SQL | undefined;
  /** The largest number of hits per document. */
  perDocument: number | null;
  limit: number;
  recencyBias: number;
  /** Hits with a lower score are no results. */
  minScore: number;
  /** The embedding of the query; null for a search by words only. */
  vector: Embedding | null;
};
/** `isUnderstood`: the model has the meaning of a word of the query. */
type Embedding = { model: string; values: Float32Array; isUnderstood: boolean };
/** How vectors are searched: not at all, by all distances of the scope, or by the tenant's HNSW index. */
export type Plan = "none" | "exact" | "hnsw";

/** Candidates of each side before fusion. */
const candidatesMin = 50;
export const candidatesOf = ({ limit }: Pick<Request, "limit">): number => Math.max(candidatesMin, limit * 2);
/**
 * The weight of the vector side by model: strength = coverage + weight × cosine. Fitted on the relevance sets
 * (docs/search-quality.md). For models that were not measured a larger weight is assumed, since they are larger models.
 */
const vectorWeights: Record<string, number> = { "static-v1": 0.1, "hash-v0": 0.1 };
const vectorWeightOfOthers = 0.4;
const recencyHalfLifeDays = 30;

/** Condition on `d`: search includes the document. */
export const isSearchable = (tenant: string) =>
  sql`d.tenant_id = ${tenant} and d.live_version is not null and d.status <> 'deleting'`;
const halfvecOf = (values: Float32Array) => sql`${`[${values.join(",")}]`}::halfvec(512)`;
type Embedded = Request & { vector: NonNullable<Request["vector"]> };

/**
 * All vectors of the scope. app.embeddings has rows of live versions, of deleted documents until their purge, and of hidden versions.
 * `+ 0` prevents the planner from using the order of an index.
 */
const exact = ({ tenant, parsed, vector, perDocument: most, limit }: Embedded): SQL => {
  const chunks = isRestricted(parsed)
    ? sql`join app.chunks c on c.tenant_id = e.tenant_id and c.document_id = e.document_id and c.version = e.version
        and c.ordinal = e.ordinal and c.tsv @@ (select demanded from restriction)`
    : sql``;
  const all = sql`select e.document_id, e.version, e.ordinal, (e.embedding <=> ${halfvecOf(vector.values)}) + 0 as distance
    from app.embeddings e ${chunks}
    where e.tenant_id = ${tenant} and e.model = ${vector.model} and e.document_id not in (select unnest(ids) from omitted)
      and (e.document_id, e.version) not in (select document_id, version from hidden)
      and ((select ids is null from scope) or e.document_id in (select unnest(ids) from scope))`;
  const best = sql`order by distance, document_id, ordinal limit ${candidatesOf({ limit })}`;
  if (!most) return sql`${all} ${best}`;
  return sql`select document_id, version, ordinal, distance from (
      select a.*, row_number() over (partition by document_id order by distance, ordinal) as position from (${all}) a) p
    where position <= ${most} ${best}`;
};

/** Fetch this many times the candidates when hits per document are limited, since the limit removes some of them afterwards. */
const overfetch = 4;

const byIndex = ({ parsed, vector, perDocument: most, limit }: Embedded): SQL => {
  const candidates = candidatesOf({ limit });
  const restriction = isRestricted(parsed) ? sql`(select demanded from restriction)` : sql`null`;
  const nearest = sql`(select n.* from app.nearest(${halfvecOf(vector.values)}, ${vector.model}, ${most ? candidates * overfetch : candidates}, (select ids from scope), ${restriction}) n
    where n.document_id not in (select unnest(ids) from duplicates))`;
  if (!most) return sql`select n.* from ${nearest} n`;
  return sql`select document_id, version, ordinal, distance from (
      select n.*, row_number() over (partition by document_id order by distance, ordinal) as position from ${nearest} n) p
    where position <= ${most} order by distance, document_id, ordinal limit ${candidates}`;
};

const isRestricted = ({ phrases, excluded }: ParsedQuery): boolean => phrases.length + excluded.length > 0;

/** What each side says about a chunk. Words alone need no fusion, which would take a fiftieth of the search. */
const fusion = (request: Request, plan: Plan, hasWords: boolean): { fused: SQL; count: SQL } => {
  const { vector } = request;
  if (plan === "none" || !vector) {
    const fused = sql`fused as (
      select document_id, version, ordinal, score as keyword_score, null::float8 as vector_score, rank as keyword_rank, null::bigint as vector_rank,
        coverage as strength
      from keyword)`;
    return { fused, count: sql`0` };
  }
  const nearest = plan === "hnsw" ? byIndex({ ...request, vector }) : exact({ ...request, vector });
  const fused = sql`vector as materialized (
      select v.*, row_number() over (order by v.distance, v.document_id, v.ordinal) as rank
      from (${nearest}) v (document_id, version, ordinal, distance)),
    fused as (
      select coalesce(k.document_id, v.document_id) as document_id, coalesce(k.version, v.version) as version,
        coalesce(k.ordinal, v.ordinal) as ordinal, k.score as keyword_score, 1 - v.distance as vector_score,
        k.rank as keyword_rank, v.rank as vector_rank,
        coalesce(k.coverage, 0) + ${vectorWeightOf(request)}::float8 * greatest(0, coalesce(1 - v.distance, 0)) as strength
      from keyword k full join vector v using (document_id, version, ordinal)
      ${similarEnough(request, hasWords)})`;
  return { fused, count: sql`(select count(*)::int from vector)` };
};

const vectorWeightOf = ({ vector, ignoresWords }: Request): number => {
  if (!vector || ignoresWords) return 1;
  return vectorWeights[vector.model] ?? vectorWeightOfOthers;
};

/** SQL: a condition on the fused candidates, so that a query without any meaning finds nothing. */
const similarEnough = ({ vector, ignoresWords }: Request, hasWords: boolean): SQL => {
  if (!vector || ignoresWords || (hasWords && vector.isUnderstood)) return sql``;
  if (!hasWords) return sql`where false`;
  return sql`where exists (select from keyword) or v.distance <= ${1 - lettersCosineMin}::float8`;
};

/** The keyword side and the vector side, fused: one statement that returns one row. */
export const statement = (request: Request, plan: Plan): SQL => {
  const { tenant, parsed, filter, perDocument, limit, recencyBias, minScore } = request;
  // The documents to search: those that match the filter and, by the policies, that the caller may see; null for all.
  const scope = filter
    ? sql`select coalesce(array_agg(d.id), '{}') as ids from app.documents d where ${isSearchable(tenant)} and ${filter}`
    : sql`select app.visible_documents() as ids`;
  const { phrases, excluded, ids, dashed } = parsed;
  const asked = allWordsOf(parsed);
  const restriction = isRestricted(parsed)
    ? sql`select app.restriction(array_agg(language), ${wordLists(phrases)}, ${wordLists(excluded.map(({ text }) => text))},
        ${textArray(excluded.map(({ dashed }) => dashed))}) as demanded from app.corpora where tenant_id = ${tenant}`
    : sql`select null::tsquery as demanded`;
  // What should be found as it is written: part numbers and addresses word for word, and words with their dash.
  const idQuery =
    ids.length + dashed.length > 0
      ? sql`(select string_agg(query::text, ' | ')::tsquery from (
          select app.any_phrase(array_agg(language), ${wordLists(ids)}) as query from app.corpora where tenant_id = ${tenant}
          union all select app.term_query(d) from unnest(${textArray(dashed)}) d) q)`
      : sql`null::tsquery`;
  // The lexemes to highlight: those that the keyword side found. Looking up a key of jsonb takes the same time for many as for few.
  const marks = request.ignoresWords
    ? sql`select jsonb_object_agg(o.language, (select jsonb_object_agg(l.lexeme, 0) from app.lexemes(o.language, ${textArray([...asked.words, ...asked.forms])}) l
        where l.lexeme is not null)) as lexemes, ${textArray(asked.begun)} as beginnings from app.corpora o where o.tenant_id = ${tenant}`
    : sql`select lexemes, beginnings from keyword limit 1`;
  const { fused, count } = fusion(request, plan, asked.words.length > 0);
  return sql`
    with scope as materialized (${scope}), restriction as materialized (${restriction}),
    duplicates as materialized (select app.duplicates((select ids from scope)) as ids),
    omitted as materialized (select app.deleting() || ids as ids from duplicates),
    hidden as materialized (select document_id, version from app.hidden_versions where tenant_id = ${tenant}),
    keyword as materialized (
      select k.*, row_number() over (order by k.score desc, k.document_id, k.ordinal) as rank
      from app.keyword_candidates(${textArray(asked.words)}, ${textArray(asked.forms)}, ${textArray(asked.begun)}, ${idQuery}, ${request.ignoresWords ? 0 : candidatesOf(request)},
        (select ids from scope), (select ids from duplicates), (select demanded from restriction), ${perDocument}) k),
    ${fused},
    marked as materialized (${marks})
    select ${sql.raw(versionSql(searchVersions))}::text as version, (select count(*)::int from keyword) as keyword, ${count} as vector, (select ids from duplicates) as duplicates, (select lexemes from marked) as lexemes,
      (select json_build_object('serving', serving, 'isIndexed', indexed is not distinct from serving, 'recall', recall)
        from app.embedders where tenant_id = ${tenant}) as models,
      (select app.hits(array_agg(row(document_id, version, ordinal, keyword_score, vector_score, keyword_rank, vector_rank, ${scoreOf(sql`strength`, request.ignoresWords ? "vectors" : "words")})::app.candidate),
          (select lexemes from marked), (select beginnings from marked), ${recencyBias}, ${recencyHalfLifeDays}, ${minScore}, ${perDocument ?? limit}, ${limit})
        from fused) as rows`;
};

export const runStatement = async (ctx: Ctx, request: Request, plan: Plan): Promise<Found> => {
  const row = only(await ctx.db.execute<Found>(statement(request, plan)));
  return row;
};
