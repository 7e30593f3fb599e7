import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { measureCorpus } from "@resolve/core/documents";
import { type Ctx, withTx } from "@resolve/core/platform/context";
import { toUuid } from "@resolve/core/platform/id";
import { startConsumers } from "@resolve/local/testing-consumers";
import { sql as fragment } from "drizzle-orm";
import postgres, { type Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { lexiconOf, positionsOf, termsOf, tsvectorOf, type Word } from "../../core/src/documents/index/lexicon.ts";
import { parseQuery } from "../../core/src/search/query.ts";
import { type Request, statement } from "../../core/src/search/statement.ts";
import { allWordsOf } from "../../core/src/search/words.ts";
import { bare } from "./bare.ts";
import { passagesOf, questionsOf } from "./corpus.ts";
import { median, percentile } from "./statistics.ts";

const chunksLarge = Number(process.env["BENCH_CHUNKS"] ?? 1_000_000);
const tenants = Number(process.env["BENCH_TENANTS"] ?? 1_000);
const chunksOther = 20;
const chunksPerDocument = 100;
/** Of each chunk: consecutive words of a real document, then words that are drawn from all documents by their frequency. */
const [wordsTogether, wordsDrawn] = [60, 40];
const wordsPerQuestion = 8;
const wanted = 10;
const questionsMax = 200;
const rounds = 3;
/** The largest number of chunks that a ranking reads before it ignores frequent words: what is tried beside the present rule. */
const limits = [100_000, 50_000, 20_000, 10_000, 5_000];

/** Keyword search in one tenant of a million chunks among a thousand tenants: times, CPU, buffers, and recall against all chunks. */
export const million = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const { admin, newTenant, systemOf, close } = await startConsumers();
  const passages = await passagesOf(folder, 4_000, 150);
  const questions = (await questionsOf(passages.splice(0, questionsMax), wordsPerQuestion)).map(({ text }) => text);
  const texts = passages.map(({ text }) => text);
  const ctxs: Ctx[] = [];
  while (ctxs.length < tenants) ctxs.push(await newTenant());
  const [large] = ctxs;
  const startedAt = performance.now();
  await fill(admin, ctxs, texts);
  await measureCorpus(systemOf(large!));
  console.log(
    `${chunksLarge} chunks of one tenant among ${tenants}, made in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
  );
  const [size] =
    await admin`select pg_size_pretty(sum(pg_table_size(c.oid))) as heap, pg_size_pretty(sum(pg_indexes_size(c.oid))) as indexes
    from pg_class c where relname ~ '^chunks_[0-9]+$'`;
  console.log(`chunks ${size!["heap"]}, indexes ${size!["indexes"]}`);

  const tenant = toUuid(large!.tenantId);
  const login = postgres(await loginUrl(admin), { max: 1, prepare: false, onnotice: () => {} });
  // A busy machine takes longer than the API may.
  await login`set statement_timeout = 0`;
  const truths = new Map<string, Truth>();
  for (const question of questions) truths.set(question, await exact(admin, tenant, question));
  const measured = new Map(
    limits.map((limit) => [
      limit,
      { ms: [] as number[], cpu: [] as number[], buffers: [] as number[], hits: 0, all: 0 },
    ]),
  );
  for (let round = -1; round < rounds; round++)
    for (const limit of limits) {
      // Interleaved, so that other work on the machine slows all of them.
      await admin.unsafe(`create or replace function app.candidates_max(size double precision) returns double precision language sql immutable parallel safe
        return greatest(5000, least(size / 10, ${limit}))`);
      const own = measured.get(limit)!;
      for (const question of questions) {
        const { ms, cpu, row } = await ask(login, tenant, question);
        if (round < 0) continue;
        own.ms.push(ms);
        own.cpu.push(cpu);
        if (round > 0) continue;
        const { scores, least } = truths.get(question)!;
        const found = (row.rows ?? []).filter(({ keyword_score }) => keyword_score >= least - 1e-6).length;
        own.hits += Math.min(found, scores);
        own.all += scores;
        own.buffers.push(await buffersOf(login, tenant, question));
      }
    }
  console.log("\nchunks read at most | ms p50 | p95 | p99 | CPU ms p50 | p95 | p99 | buffers p50 | p95 | recall@10");
  for (const [limit, { ms, cpu, buffers, hits, all }] of measured) {
    const of = (values: number[]) =>
      `${median(values).toFixed(1)} | ${percentile(values, 0.95).toFixed(1)} | ${percentile(values, 0.99).toFixed(1)}`;
    console.log(
      `${limit} | ${of(ms)} | ${of(cpu)} | ${median(buffers).toFixed(0)} | ${percentile(buffers, 0.95).toFixed(0)} | ${(hits / all).toFixed(4)}`,
    );
  }
  await login.end();
  await close();
};

/** The address of the database for a login of the API. */
const loginUrl = async (admin: Sql): Promise<string> => {
  const url = new URL(process.env["TEST_DATABASE_URL"]!);
  url.username = "api_a";
  url.password = "";
  const [database] = await admin`select current_database() as name`;
  url.pathname = `/${database!["name"]}`;
  return url.href;
};

const requestOf = (tenant: string, question: string): Request => ({
  tenant,
  parsed: parseQuery(question),
  ignoresWords: false,
  filter: undefined,
  perDocument: null,
  limit: wanted,
  recencyBias: 0,
  minScore: 0,
  vector: null,
});

type Found = { rows: { keyword_score: number }[] | null };

/** One search: its time, and the CPU time of the server's process (proc(5), schedstat). */
const ask = async (login: Sql, tenant: string, question: string) => {
  backend ??= (await login`select pg_backend_pid() as pid`)[0]!["pid"];
  const cpuOf = () => Number(readFileSync(`/proc/${backend}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  const [cpu, startedAt] = [cpuOf(), performance.now()];
  const row = await bare<Found>(login, tenant, statement(requestOf(tenant, question), "none"));
  return { ms: performance.now() - startedAt, cpu: cpuOf() - cpu, row };
};
let backend: number | undefined;

const buffersOf = async (login: Sql, tenant: string, question: string): Promise<number> => {
  const explain = fragment`explain (analyze, buffers, timing off, format json) ${statement(requestOf(tenant, question), "none")}`;
  const { "QUERY PLAN": plan } = await bare<{ "QUERY PLAN": [{ Plan: Record<string, number> }] }>(
    login,
    tenant,
    explain,
  );
  const { "Shared Hit Blocks": hit = 0, "Shared Read Blocks": read = 0 } = plan[0].Plan;
  return hit + read;
};

/** The number of results that an exact ranking has, and the score of the last one. */
type Truth = { scores: number; least: number };

/** Ranks all chunks with any word of the query. */
const exact = async (admin: Sql, tenant: string, question: string): Promise<Truth> => {
  const { words, forms } = allWordsOf(parseQuery(question));
  const rows = await admin.begin(async (tx) => {
    await tx`select set_config('app.tenant', ${tenant}, true), set_config('app.role', 'tenant_admin', true)`;
    return tx<{ score: number }[]>`
      with terms as materialized (select * from app.query_terms(${words as string[]}, ${forms as string[]}, '{}') where frequency > 0),
      asked as materialized (
        select (select ('{' || string_agg(term || ':' || idf, ',' order by term) || '}/536870912')::sparsevec
          from (select term, sum(idf * repeats * case when is_form then 0.4 else 1 end)::real as idf from terms group by 1) w) as weights,
          string_agg(distinct app.term_query(lexeme)::text, ' | ')::tsquery as query from terms)
      select -(c.terms <#> a.weights) as score from asked a, app.chunks c where c.tenant_id = ${tenant} and c.tsv @@ a.query
      order by score desc limit ${wanted}`;
  });
  return { scores: rows.length, least: rows.at(-1)?.score ?? 0 };
};

/** Writes the chunks of all tenants with COPY, without the pipeline, and builds the indexes afterwards. */
const fill = async (admin: Sql, ctxs: readonly Ctx[], texts: readonly string[]): Promise<void> => {
  const lexicon = lexiconOf("english");
  const words: Word[] = [];
  for (const [at, text] of texts.entries()) {
    words.push(...lexicon.read(text));
    // A statement of the API has a short timeout.
    if (at % 50 === 49 || at === texts.length - 1) await withTx(ctxs[0]!, (ctx) => lexicon.lookUp(ctx));
  }
  const average = (words.filter(({ lexeme }) => lexeme).length / words.length) * (wordsTogether + wordsDrawn);
  const counts = ctxs.map((_, at) => (at === 0 ? chunksLarge : chunksOther));
  await admin.unsafe(`
    set session_replication_role = replica;
    set maintenance_work_mem = '1GB';
    drop index app.chunks_tsv;
    create temp table own (tenant uuid, documents int)`);
  for (const [at, { tenantId }] of ctxs.entries())
    await admin`insert into own values (${toUuid(tenantId)}, ${Math.ceil(counts[at]! / chunksPerDocument)})`;
  await admin.unsafe(`
    create temp table made as select tenant, n, app.uuid7() as id from own, generate_series(0, documents - 1) n;
    insert into app.documents (tenant_id, id, name, size_bytes, status, live_version, language, chunks)
      select tenant, id, 'a document', 1000, 'ready', 1, 'english', ${chunksPerDocument} from made;
    insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes, stored_at)
      select tenant, id, 1, id, '', 1000, now() from made;
    insert into app.corpora (tenant_id, language) select tenant, 'english' from own on conflict do nothing`);
  const ids = await admin<
    { tenant: string; ids: string[] }[]
  >`select tenant, array_agg(id::text order by n) as ids from made group by tenant`;
  const documents = new Map(ids.map(({ tenant, ids }) => [tenant, ids]));
  const random = randomOf(7);
  function* rows(): Generator<string> {
    for (const [at, { tenantId }] of ctxs.entries()) {
      const tenant = toUuid(tenantId);
      const own = documents.get(tenant)!;
      let batch = "";
      for (let n = 0; n < counts[at]!; n++) {
        const from = Math.floor(random() * (words.length - wordsTogether));
        const chunk = words.slice(from, from + wordsTogether);
        for (let drawn = 0; drawn < wordsDrawn; drawn++) chunk.push(words[Math.floor(random() * words.length)]!);
        const positions = positionsOf(chunk);
        const text = texts[n % texts.length]!.slice(0, 600).replace(/[\\\t\n\r]/g, " ");
        const id = `${hex(random)}${hex(random).slice(0, 4)}4${hex(random).slice(0, 3)}8${hex(random).slice(0, 3)}${hex(random)}${hex(random).slice(0, 4)}`;
        batch += `${tenant}\t${own[Math.floor(n / chunksPerDocument)]}\t1\t${n % chunksPerDocument}\t${id}\t${text}\t${tsvectorOf(positions)}\t${termsOf(positions, average)}\t0\t600\t150\t\\\\x00\tenglish\t${positions.lexemes}\t${average}\n`;
        if (batch.length > 1_000_000) {
          yield batch;
          batch = "";
        }
      }
      yield batch;
    }
  }
  const into =
    await admin`copy app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, char_start, char_end, tokens, content_hash, language, lexemes, average) from stdin`.writable();
  await pipeline(Readable.from(rows()), into);
  for (const statement of [
    "create index chunks_tsv on app.chunks using gin (tenant_id, tsv) with (fastupdate = on, gin_pending_list_limit = 256)",
    "set session_replication_role = origin",
    "vacuum analyze app.chunks",
    "analyze app.documents",
  ])
    await admin.unsafe(statement);
};

const hex = (random: () => number): string =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");

/** Numbers that look random and are the same in each run (mulberry32). */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};
