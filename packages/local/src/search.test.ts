import { checkRecall, measureCorpus, weighStale } from "@resolve/core/documents";
import { checkSearch, measureCorpora, start, sweepJobs } from "@resolve/core/jobs";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { type Id, newUuid, toId, toUuid } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { evidenceOf } from "@resolve/core/search/answers/evidence";
import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDocument, type Call } from "../../acceptance/src/client.ts";
import { recount } from "../../core/src/testing/recount.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Tests of search that need the index tables, or run a job at once. */
let system: TestSystem;
let admin: Sql;
beforeAll(async () => {
  system = await startSystem();
  ({ admin } = system);
});
afterAll(() => system?.close());

const newTenant = async () => {
  const { call, uuid } = await system.newTenant();
  return { call, tenant: uuid };
};
const ctxOf = (tenant: string) => systemCtx({ tenantId: toId("tenant", tenant), job: "test" });
const add = (call: Call, name: string, text: string, metadata: object = {}): Promise<string> =>
  addDocument(call, { name, text, metadata });
/** Names of the documents that are found, best first. */
const found = async (call: Call, request: object): Promise<string[]> => {
  const { status, body } = await call("POST", "/search", request);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data.map((hit: { document: { name: string } }) => hit.document.name);
};
describe("weights", () => {
  test("follow the tenant's average chunk length, at once or by a job, and equal those of a recount", async () => {
    const { call, tenant } = await newTenant();
    const note = (n: number) => `Note ${n} on lens ${n}.`;
    for (let n = 0; n < 5; n++) await add(call, `note ${n}`, note(n));
    process.env["SST_RESOURCES_JSON"] = JSON.stringify(system.runtime.resources);
    const wrong = async () => {
      const [row] = await admin`
        with corpus as (select avg(lexemes) as average from app.chunks where tenant_id = ${tenant})
        select count(*)::int as chunks, count(*) filter (where abs(c.average / corpus.average - 1) > 0.11
          or c.terms <-> ${admin.unsafe(recount)} > 1e-3)::int as wrong
        from app.chunks c, corpus where tenant_id = ${tenant} group by ()`;
      return [row!["chunks"], row!["wrong"]];
    };
    await measureCorpora();
    expect(await wrong()).toEqual([5, 0]);
    // The new chunks are twenty times as long, so the short ones are weighed with the new average.
    const chapter = Array.from({ length: 3_000 }, (_, n) => `Chapter ${n} speaks of coating ${n % 89}.`).join(" ");
    await add(call, "book", chapter);
    expect((await wrong())[1]).toBeGreaterThan(0);
    await measureCorpora();
    const [chunks, left] = await wrong();
    expect([chunks! > 50, left]).toEqual([true, 0]);

    await admin`update app.chunks set average = average * 2 where tenant_id = ${tenant}`;
    const other = ctxOf((await newTenant()).tenant);
    expect(await withTx(other, (ctx) => weighStale(ctx, 10))).toBe(0);
    const ctx = ctxOf(tenant);
    expect(await withTx(ctx, (ctx) => weighStale(ctx, 10))).toBe(10);
    expect((await wrong())[1]).toBe(chunks! - 10);
    await withTx(ctx, (ctx) => start(ctx, "reweigh"));
    await relay({ limit: 100 });
    await expect.poll(async () => (await wrong())[1], { timeout: 15_000 }).toBe(0);
  }, 60_000);

  test("of words with accents equal those of a recount, at once and after the average changes", async () => {
    const { call, tenant } = await newTenant();
    await add(
      call,
      "de",
      "Herr Müller wohnt in der Großen Straße, Frau Muller mit -xvf in Łódź; Müllers Gebühren gelten für ein Jahr.",
    );
    const rows = async () =>
      admin`select c.terms <-> ${admin.unsafe(recount)} < 1e-3 as is_equal, c.tsv::text as tsv from app.chunks c where tenant_id = ${tenant}`;
    const [row] = await rows();
    expect(row).toMatchObject({
      is_equal: true,
      tsv: expect.stringMatching(/'-xvf':\d+C.* '=müller':2C.* 'lodz':\d+C.* 'mull':2B,9/),
    });
    await admin`update app.chunks set average = average * 2 where tenant_id = ${tenant}`;
    await admin`update app.corpora set average = (select max(average) / 2 from app.chunks where tenant_id = ${tenant}) where tenant_id = ${tenant}`;
    const ctx = ctxOf(tenant);
    expect(await withTx(ctx, (ctx) => weighStale(ctx, 10))).toBe(1);
    expect((await rows())[0]).toMatchObject({ is_equal: true });
  });
});

test("the average length of a chunk is that of its language", async () => {
  const { call, tenant } = await newTenant();
  await add(call, "en", "The lease ends in May, and the rent is due in June.");
  await admin`update app.corpora set average = 100 where tenant_id = ${tenant}`;
  await add(call, "de", "Der Vertrag endet im Mai, und die Miete ist im Juni zu zahlen.");
  const chunks =
    await admin`select average = lexemes as is_own from app.chunks where tenant_id = ${tenant} and language = 'german'`;
  expect([...chunks]).toEqual([{ is_own: true }]);
});

test("a word is counted in the chunks that a search may find", async () => {
  const { call, tenant } = await newTenant();
  for (const name of ["one", "two", "three"])
    await add(call, name, `The lens ${name} is round, and its frame is matte.`);
  const frequency = async () =>
    (await call("POST", "/search", { query: "lens", explain: true })).body.plan.terms[0].chunks;
  expect(await frequency()).toBe(3);
  await admin`insert into app.hidden_versions (tenant_id, document_id, version, is_replaced)
    select tenant_id, id, 1, true from app.documents where tenant_id = ${tenant} and name = 'two'`;
  expect(await frequency()).toBe(2);
});

test("one of two copies is found, also when their original was purged and the tenant has nothing else", async () => {
  const { call } = await newTenant();
  const ids = [];
  for (const name of ["original", "first copy", "second copy"]) ids.push(await add(call, name, "The lens is round."));
  await call("DELETE", `/documents/${ids[0]}`);
  for (const table of ["documents where id", "chunks where document_id", "embeddings where document_id"])
    await admin.unsafe(`delete from app.${table} = $1`, [toUuid(ids[0] as Id<"document">)]);
  expect(await found(call, { query: "lens" })).toEqual(["first copy"]);
});

test("a newer document is before an older one that matches a little better, when age counts", async () => {
  const { call, tenant } = await newTenant();
  await add(call, "older", "The lease ends in May.");
  await add(call, "newer", "The rent is due in June.");
  const first = async (bias: number): Promise<unknown> => {
    // All of the score is lost with age, half of it in 0.1 s.
    const [row] = await withTx(ctxOf(tenant), (ctx) =>
      ctx.db.execute<{ hits: { name: string }[] }>(sql`
        select app.hits(array_agg(row(c.document_id, c.version, c.ordinal, null, null, null, null,
          case d.name when 'older' then 0.5 else 0.49 end)::app.candidate), '{}', '{}', ${bias}, 0.1 / 86400, 0, 1, 1) as hits
        from app.chunks c join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id where c.tenant_id = ${tenant}`),
    );
    return row?.hits.map(({ name }) => name);
  };
  expect(await first(0)).toEqual(["older"]);
  expect(await first(1)).toEqual(["newer"]);
});

test("the weight of a word that begins as the query's depends on the documents of its own language", async () => {
  const { call, tenant } = await newTenant();
  await add(call, "en", "The hotelkeeper by the lake is old, and the rooms are small.");
  for (const n of ["alt", "neu", "klein"])
    await add(call, n, `Das Hotelzimmer am See ist ${n}, und die Betten sind es auch.`);
  const begun = await withTx(ctxOf(tenant), (ctx) =>
    ctx.db.execute<{ lexeme: string; idf: number }>(
      sql`select * from app.begun_terms(array['english', 'german'], array['hotelk', 'hotelz']) order by lexeme`,
    ),
  );
  const idf = (chunks: number, frequency: number) =>
    Math.log(1 + Math.max(chunks - frequency + 0.5, 0.5) / (frequency + 0.5));
  expect([...begun]).toEqual([
    { lexeme: "hotelk", idf: expect.closeTo(idf(1, 1), 5) },
    { lexeme: "hotelz", idf: expect.closeTo(idf(3, 3), 5) },
  ]);
});

test("each word of a document's name is matched with the same word of a question", async () => {
  const { call, tenant } = await newTenant();
  await add(call, "Lease and rents of Halden", "The rent is due in May.");
  const question = "When is the rent of the lease due?";
  const hits = (await call("POST", "/search", { query: question })).body.data;
  const { words, labels } = await evidenceOf(ctxOf(tenant), question, { hits, rarities: {} });
  const matched = [...labels.get("english")!].map(([label, at]) => [label, at.map((word) => words[word])]);
  expect(Object.fromEntries(matched)).toEqual({ lease: ["lease"], rents: ["rent"] });
});

describe("a large tenant", () => {
  const chunks = 5_200;
  /** Every third chunk contains the word lens, one in forty coating, and one chunk prism. */
  const line = (n: number) =>
    `${n % 3 ? "frame" : "lens"} ${n % 40 ? "matte" : "coating"} ${n === 1_234 ? "prism" : "glass"} ${n}`;
  let call: Call;
  let tenant: string;
  beforeAll(async () => {
    ({ call, tenant } = await newTenant());
    const id = toUuid(
      (await add(call, "large", "This is the first line of many that are in English.")) as `doc_${string}`,
    );
    const lines = JSON.stringify(Array.from({ length: chunks }, (_, n) => line(n)));
    await admin`delete from app.chunks where tenant_id = ${tenant}`;
    await admin`
      insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, char_start, char_end, tokens, content_hash, language, lexemes, average)
      select ${tenant}, ${id}, 1, n - 1, app.uuid7(), c.text, c.tsv, ${admin.unsafe(recount)}, 0, 1, 1, '', c.language, 4, c.average
      from (select text, n, to_tsvector('english', text) as tsv, 'english' as language, 4 as average
        from jsonb_array_elements_text(${lines}::text::jsonb) with ordinality as l (text, n)) c`;
    await admin`update app.documents set chunks = ${chunks} where tenant_id = ${tenant}`;
    process.env["SST_RESOURCES_JSON"] = JSON.stringify(system.runtime.resources);
    await measureCorpus(ctxOf(tenant));
  }, 60_000);

  const termsOf = async (query: string) => {
    const { body } = await call("POST", "/search", { query, mode: "keyword", explain: true });
    return body.plan.terms.map((term: { lexeme: string; chunks: number; isCommon: boolean }) => [
      term.lexeme,
      term.chunks,
      term.isCommon,
    ]);
  };

  test("has the word frequencies of a recount", async () => {
    const counted = await admin`
      with recount as (
        select lexeme, count(*)::int as chunks from app.chunks, unnest(tsv) where tenant_id = ${tenant} group by lexeme having count(*) > 50)
      select count(*)::int as words, count(*) filter (where r.chunks = f.chunks)::int as equal
      from recount r full join (select * from app.term_frequencies where tenant_id = ${tenant}) f using (lexeme)`;
    expect(counted[0]).toEqual({ words: 5, equal: 5 });
    expect(await termsOf("glass lens coating prism nothing")).toEqual([
      ["prism", 1, false],
      ["coat", 130, false],
      ["len", 1734, false],
      ["glass", 5199, true],
    ]);
  });

  test("is ranked by all words and searched by the rarer ones", async () => {
    const texts = async (query: string) =>
      (await call("POST", "/search", { query, mode: "keyword", limit: 2 })).body.data.map(
        (hit: { chunk: { text: string } }) => hit.chunk.text,
      );
    expect((await texts("glass prism"))[0]).toBe(line(1_234));
    // 1,320 has lens, coating and glass; no other kind of chunk has more of the query.
    expect(await texts("lens coating glass 1320")).toEqual([line(1_320), line(0)]);
    // A query of only the most frequent word also has results.
    expect(await texts("glass")).toHaveLength(2);
  });

  test("a word of several parts is no part number when more than 5,000 chunks contain all of its parts", async () => {
    const best = async (query: string) => (await call("POST", "/search", { query, mode: "keyword" })).body.data[0];
    const isBoosted = async (one: string, other: string) =>
      (await best(`${one}@${other}`)).score > (await best(`${one} ${other}`)).score;
    expect(await isBoosted("coating", "glass")).toBe(true);
    expect(await isBoosted("matte", "glass")).toBe(false);
    expect((await best("matte@glass")).chunk.text).toMatch(/matte glass/);
  });
});

describe("many chunks", () => {
  let call: Call;
  let tenant: string;
  let large: string;
  const long = (word: string) =>
    Array.from(
      { length: 4_000 },
      (_, n) => `Sentence ${n} of the ${word} speaks of lens ${n % 97} and coating ${n % 89}.`,
    ).join(" ");
  beforeAll(async () => {
    ({ call, tenant } = await newTenant());
    large = await add(call, "large", long("manual"));
    await add(call, "other", "A short note on lens 5 and on its coating.", { kind: "note" });
  }, 60_000);

  const explained = async (request: object) => {
    const { status, body } = await call("POST", "/search", { query: "lens 5 coating", explain: true, ...request });
    expect(status).toBe(200);
    return body;
  };
  const indexes = async () =>
    (
      await admin`select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
        where a.amname = 'hnsw' and i.indrelid = ${`app.embeddings_${tenant.replaceAll("-", "")}`}::regclass`
    ).map(({ relname }) => relname);
  const ids = (body: { data: { chunk: { id: string } }[] }) => body.data.map(({ chunk }) => chunk.id);

  test("maxChunksPerDocument and groupBy keep one document from filling the page", async () => {
    expect(new Set(await found(call, { query: "lens 5 coating" }))).toContain("large");
    for (const mode of ["hybrid", "keyword", "vector"]) {
      const names = await found(call, { query: "lens 5 coating", mode, maxChunksPerDocument: 2 });
      expect(names.toSorted(), mode).toEqual(["large", "large", "other"]);
      const grouped = await found(call, { query: "lens 5 coating", mode, groupBy: "document" });
      expect(grouped.toSorted(), mode).toEqual(["large", "other"]);
    }
  });

  test("an index is built during searches, has the results of an exact search, and is replaced by the next one", async () => {
    const before = await explained({ mode: "vector", limit: 25 });
    expect(before.plan.vectors).toBe("exact");
    const order = async () => {
      const { body } = await call("POST", "/jobs", { type: "index" });
      expect((await call("GET", `/jobs/${body.job.id}?waitSeconds=20`)).body).toMatchObject({
        status: "completed",
        progress: { unit: "vectors", done: expect.any(Number) },
      });
    };
    await order();
    expect(await indexes()).toHaveLength(1);
    // Functions cache the tenant's models for some seconds.
    const planned = async (plan: string, request: object) => {
      const ask = async () => (await explained({ mode: "vector", ...request })).plan.vectors;
      await expect.poll(ask, { timeout: 15_000 }).toBe(plan);
      return explained({ mode: "vector", ...request });
    };
    expect(ids(await planned("hnsw", { limit: 25 }))).toEqual(ids(before));
    // `exact` computes every distance, to find the results that the index misses.
    const exact = await explained({ mode: "vector", limit: 25, exact: true });
    expect([exact.plan.vectors, exact.plan.recall, ids(exact)]).toEqual(["exact", 1, ids(before)]);
    expect(ids(await planned("exact", { filter: { kind: "note" } }))).toHaveLength(1);
    // When the index returns too few candidates, the search is repeated exactly.
    expect(ids(await planned("hnsw-then-exact", { query: '"short note" lens' }))).toHaveLength(1);
    expect(ids(await planned("hnsw", { query: "lens 5 -short" }))).toHaveLength(8);
    const { data } = await explained({ mode: "vector", query: '"sentence 3000" lens' });
    expect(data.length).toBeGreaterThan(0);
    for (const { chunk } of data) expect(chunk.text).toContain("Sentence 3000 ");
    expect(await found(call, { query: "lens 5", mode: "vector", maxChunksPerDocument: 2 })).toHaveLength(3);

    // While a tenant is reembedded, each chunk has a vector of another model as well; here that of another chunk.
    await admin`insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
      select e.tenant_id, e.document_id, e.version, o.ordinal, 'other', e.embedding from app.embeddings e
        join app.embeddings o on o.tenant_id = e.tenant_id and o.document_id = e.document_id
          and o.ordinal = (select max(ordinal) from app.embeddings m where m.tenant_id = e.tenant_id and m.document_id = e.document_id) - e.ordinal
      where e.tenant_id = ${tenant}`;
    expect(ids(await explained({ mode: "vector", limit: 25, exact: true }))).toEqual(ids(before));

    process.env["SST_RESOURCES_JSON"] = JSON.stringify(system.runtime.resources);
    await checkSearch();
    const checks = async () => (await call("GET", "/jobs?type=check")).body.data;
    await expect.poll(async () => (await checks())[0]?.status, { timeout: 15_000 }).toBe("completed");
    expect((await checks())[0].result.recall).toBeGreaterThan(0.95);
    await expect.poll(async () => (await planned("hnsw", {})).plan.recall, { timeout: 15_000 }).toBeGreaterThan(0.95);

    await admin`delete from app.embeddings where tenant_id = ${tenant} and model = 'other'`;
    const [first] = await indexes();
    await order();
    expect(await indexes()).toHaveLength(2);
    // The old index is dropped a minute later; the test skips the wait.
    await sweepJobs({ waitingSeconds: 0 });
    await expect.poll(indexes, { timeout: 30_000 }).toHaveLength(1);
    expect(await indexes()).not.toContain(first);
  }, 120_000);

  test("an index with low recall is rebuilt, and orphaned vectors and chunks are reported", async () => {
    const orphan = newUuid();
    await admin`insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
      select tenant_id, ${orphan}, 1, 0, model, embedding from app.embeddings where tenant_id = ${tenant} limit 1`;
    await admin`insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, char_start, char_end, tokens, content_hash)
      select tenant_id, ${newUuid()}, 1, 0, ${newUuid()}, text, tsv, terms, 0, 1, 1, '' from app.chunks where tenant_id = ${tenant} limit 1`;
    // Of a document that exists, beyond its last chunk.
    await admin`insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
      select tenant_id, document_id, version, 1000000, model, embedding from app.embeddings where tenant_id = ${tenant} and ordinal = 0 limit 1`;
    await expect(checkSearch()).rejects.toThrow("3 vectors or chunks were left behind");
    await admin`delete from app.embeddings where document_id = ${orphan} or ordinal = 1000000`;
    await admin`delete from app.chunks where tenant_id = ${tenant} and version = 1 and content_hash = ''`;

    const jobs = async (type: string) => (await call("GET", `/jobs?type=${type}`)).body.data;
    const settled = async () => (await jobs("check")).every(({ status }: { status: string }) => status === "completed");
    await relay({ limit: 100 });
    await expect.poll(settled, { timeout: 15_000 }).toBe(true);
    const [builds, checks] = [(await jobs("index")).length, (await jobs("check")).length];
    await admin.unsafe(`alter function app.nearest rename to nearest_kept;
      create function app.nearest(halfvec, text, int, uuid[], tsquery) returns table (document_id uuid, version int, ordinal int, distance double precision)
      language sql stable as 'select null::uuid, 0, 0, 0.0::float8 where false'`);
    try {
      await checkSearch();
      await relay({ limit: 100 });
      await expect.poll(async () => (await jobs("check")).length, { timeout: 15_000 }).toBe(checks + 1);
      await expect.poll(settled, { timeout: 15_000 }).toBe(true);
      expect((await jobs("check"))[0].result).toEqual({ recall: 0 });
      expect(await jobs("index")).toHaveLength(builds + 1);
    } finally {
      await admin.unsafe("drop function app.nearest; alter function app.nearest_kept rename to nearest");
    }
  }, 60_000);

  test("a deleted document is not found through the index", async () => {
    const recall = () => checkRecall(ctxOf(tenant));
    // What no search may find is not missing from the index: a hidden version, and then a deleted document.
    await admin`insert into app.hidden_versions (tenant_id, document_id, version, is_replaced) values (${tenant}, ${toUuid(large as Id<"document">)}, 1, true)`;
    expect(await recall()).toBe(1);
    await admin`delete from app.hidden_versions where tenant_id = ${tenant}`;
    expect((await call("DELETE", `/documents/${large}`)).status).toBe(202);
    expect(await found(call, { query: "lens 5 coating", mode: "vector" })).toEqual(["other"]);
    expect(await recall()).toBe(1);
  });
});
