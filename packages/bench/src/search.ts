import { dimensions } from "@resolve/embedding";
import { unwrap } from "@resolve/sdk";
import { type SQL, sql } from "drizzle-orm";
import postgres, { type Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import { parseQuery } from "../../core/src/search/query.ts";
import { type Plan, type Request, statement } from "../../core/src/search/statement.ts";
import { bare } from "./bare.ts";
import {
  buildIndex,
  describeTenant,
  fill,
  measured,
  type Passage,
  passagesOf,
  questionsOf,
  type Tenant,
} from "./corpus.ts";
import { loadPeers, type PeerStore } from "./peers.ts";
import { median, percentile, spread } from "./statistics.ts";
import { type System, withSystem } from "./system.ts";

const tenantsMax = Number(process.env["BENCH_TENANTS"] ?? 100);
const chunksEach = 1_000;
const chunksLarge = 50_000;
const wordsPerChunk = 150;
const wordsPerQuestion = 8;
const wanted = 10;
const questionsPerRound = 20;
const rounds = 9;

/** Searches with one question in one tenant. */
type Ask<T = unknown> = (tenant: Tenant, question: Passage) => Promise<T>;
/** Searches with one question in one tenant and returns the duration in ms. */
type Timed = Ask<number>;
/** The result of a search statement. */
type Found = { rows: { text: string }[] };

/**
 * Measures search: through the API, in the database, beside other frameworks, with many tenants, and in a large tenant.
 */
export const search = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const passages = await passagesOf(folder, chunksLarge + rounds * questionsPerRound, wordsPerChunk);
  const questions = await questionsOf(passages.splice(chunksLarge), wordsPerQuestion);
  await withSystem(async (system) => {
    const { admin, newTenant, database } = system;
    const login = postgres(database.url("api_a"), { max: 1, prepare: false, onnotice: () => {} });
    const tenants: Tenant[] = [];
    const grow = async (count: number) => {
      while (tenants.length < count) {
        const tenant = await describeTenant(await newTenant());
        const at = (tenants.length * chunksEach) % chunksLarge;
        await fill(admin, tenant, passages.slice(at, at + chunksEach));
        tenants.push(tenant);
      }
      await admin.unsafe("vacuum analyze");
    };
    await grow(10);
    const few = tenants.slice();
    const flat = [await compare({ "10 tenants": api }, few, questions)];
    await grow(tenantsMax);
    flat.push(await compare({ [`${tenantsMax} tenants`]: api }, few, questions));
    report(`hybrid search through the API, the same 10 tenants of ${chunksEach} chunks`, flat);

    const bare = bareStatement(login);
    report(`hybrid search of ${tenantsMax} tenants of ${chunksEach} chunks`, [
      await compare(
        { "HTTP API": api, "its SQL, bare": bare("exact"), "keywords only": bare("none") },
        tenants,
        questions,
      ),
    ]);
    report("its vectors, as PostgreSQL times them", [
      await compare(
        { "the part of the search": vectorPart(login), "exact, past all policies": raw(admin) },
        tenants,
        questions,
      ),
    ]);

    const large = await describeTenant(await newTenant());
    await fill(admin, large, passages);
    await admin.unsafe("vacuum analyze");
    await buildIndex(large);
    await measured(admin, large.uuid);
    report(`hybrid search of one tenant of ${chunksLarge} chunks`, [
      await compare(
        { "its SQL, bare": bare("hnsw"), "keywords only": bare("none"), "HTTP API": api },
        [large],
        questions,
      ),
    ]);
    await besidePeers(system, vectorsOnly(login), tenants, passages, questions);
    await login.end();
  });
};

const timed =
  (ask: Ask): Timed =>
  async (tenant, question) => {
    const startedAt = performance.now();
    await ask(tenant, question);
    return performance.now() - startedAt;
  };

const api: Timed = timed(({ client }, { text }) =>
  unwrap(client.POST("/api/v1/search", { body: { query: text, limit: wanted } })),
);

const run = <R>(sql: Sql, { uuid }: Tenant, query: SQL): Promise<R> => bare<R>(sql, uuid, query);

const requestOf = ({ uuid, model }: Tenant, { text, vector }: Passage): Request => ({
  tenant: uuid,
  parsed: parseQuery(text),
  ignoresWords: false,
  filter: undefined,
  perDocument: null,
  limit: wanted,
  recencyBias: 0,
  minScore: 0,
  vector: { model, values: vector, isUnderstood: true },
});

/** Sends the statement of a search with a client that does nothing else. */
const bareStatement =
  (login: Sql) =>
  (plan: Plan): Timed =>
    timed((tenant, question) => {
      const request = requestOf(tenant, question);
      return run(login, tenant, statement(plan === "none" ? { ...request, vector: null } : request, plan));
    });

const vectorsOnly =
  (login: Sql): Ask<Found> =>
  (tenant, question) =>
    run<Found>(login, tenant, statement({ ...requestOf(tenant, question), ignoresWords: true }, "exact"));

/** The time of the vector part of a hybrid search. */
const vectorPart =
  (login: Sql): Timed =>
  async (tenant, question) =>
    planned(
      await run(login, tenant, sql`explain (analyze, format json) ${statement(requestOf(tenant, question), "exact")}`),
      "CTE vector",
    );

const raw =
  (admin: Sql): Timed =>
  async ({ uuid, model }, { vector }) => {
    const [row] = await admin`
      explain (analyze, format json)
      select document_id, version, ordinal, embedding <=> ${`[${vector.join(",")}]`}::halfvec(512) as distance from app.embeddings
      where tenant_id = ${uuid} and model = ${model} order by distance limit 50`;
    return planned(row as Explained);
  };

type Explained = { "QUERY PLAN": [{ Plan: Node }] };
type Node = { "Subplan Name"?: string; "Actual Total Time": number; Plans?: Node[] };

/** The time of a named part of an executed plan, or of the whole plan. */
const planned = ({ "QUERY PLAN": [{ Plan }] }: Explained, name?: string): number => {
  const nodes = [Plan];
  for (const node of nodes) {
    if (node["Subplan Name"] === name) return node["Actual Total Time"];
    nodes.push(...(node.Plans ?? []));
  }
  throw new Error(`the plan has no ${name}`);
};

type Times = Record<string, number[][]>;

/** Each round runs its questions through all variants, interleaved; the first round is a warm-up. */
const compare = async (ways: Record<string, Timed>, tenants: Tenant[], questions: Passage[]): Promise<Times> => {
  const names = Object.keys(ways);
  const times: Times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    const own = Object.fromEntries(names.map((name) => [name, [] as number[]]));
    for (let n = 0; n < questionsPerRound; n++) {
      const at = Math.max(0, round) * questionsPerRound + n;
      const [tenant, question] = [tenants[at % tenants.length]!, questions[at]!];
      for (let k = 0; k < names.length; k++) {
        const name = names[(n + k) % names.length]!;
        own[name]!.push(await ways[name]!(tenant, question));
      }
    }
    if (round >= 0) for (const name of names) times[name]!.push(own[name]!);
  }
  return times;
};

/**
 * Prints p50 and p95 of all times, and the median over the rounds of the ratio of the first variant to each other one.
 */
const report = (title: string, groups: Times[]): void => {
  console.log(`\n${title}; ms, ${rounds} rounds of ${questionsPerRound} questions`);
  for (const times of groups) {
    const [first] = Object.values(times);
    for (const [name, own] of Object.entries(times)) {
      const all = own.flat();
      const ratio = own === first ? "" : `${spread(own.map((round, n) => median(first![n]!) / median(round)))} ×`;
      console.log(
        `${name.padEnd(26)} p50 ${median(all).toFixed(1).padEnd(7)} p95 ${percentile(all, 0.95).toFixed(1).padEnd(7)} ${ratio}`,
      );
    }
  }
};

/** The same passages in one table per peer, with the tenant in the metadata; recall@10 against an exact search. */
const besidePeers = async (
  { admin, database }: System,
  vectorsOf: Ask<Found>,
  tenants: Tenant[],
  passages: Passage[],
  questions: Passage[],
) => {
  const stores = Object.entries(await loadPeers());
  console.log(`\nvectors beside other frameworks, ${tenants.length} tenants of ${chunksEach} chunks in one store`);
  console.log("store                 recall@10  short  ms p50/p95   ours against it");
  const rows = tenants.flatMap(({ uuid }, t) =>
    passages.slice((t * chunksEach) % chunksLarge, ((t * chunksEach) % chunksLarge) + chunksEach).map((passage, n) => {
      return { text: passage.text, vector: Array.from(passage.vector), metadata: { tenantId: uuid, n } };
    }),
  );
  const ours = async (tenant: Tenant, question: Passage) =>
    (await vectorsOf(tenant, question)).rows.map(({ text }) => text);
  const asked = questions.slice(0, 100).map((question, n) => ({ question, tenant: tenants[n % tenants.length]! }));
  const truths = await Promise.all(asked.map(({ tenant, question }) => truth(admin, tenant, question)));
  const evaluate = async (name: string, ask: Ask<string[]>) => {
    const times: { own: number[]; ours: number[] } = { own: [], ours: [] };
    let [hits, short] = [0, 0];
    for (const [n, { tenant, question }] of asked.entries()) {
      const startedAt = performance.now();
      const found = new Set(await ask(tenant, question));
      const middle = performance.now();
      await ours(tenant, question);
      times.own.push(middle - startedAt);
      times.ours.push(performance.now() - middle);
      hits += truths[n]!.filter((text) => found.has(text)).length;
      if (found.size < truths[n]!.length) short++;
    }
    // The questions are split into seven groups, which count as runs.
    const size = Math.floor(asked.length / 7);
    const ratios = Array.from({ length: 7 }, (_, n) => {
      const part = (values: number[]) => median(values.slice(n * size, (n + 1) * size));
      return part(times.ours) / part(times.own);
    });
    const recall = (hits / truths.flat().length).toFixed(3);
    const span = `${median(times.own).toFixed(1)}/${percentile(times.own, 0.95).toFixed(1)}`;
    console.log(
      `${name.padEnd(21)} ${recall.padEnd(10)} ${String(short).padEnd(6)} ${span.padEnd(12)} ${name === "ours" ? "" : `${spread(ratios)} ×`}`,
    );
  };
  await evaluate("ours", ours);
  for (const [peer, open] of stores) {
    const store: PeerStore = await open(database.url(), `search_${peer}`, {
      dimension: dimensions,
      hnsw: false,
      keywords: false,
      filtered: ["tenantId"],
    });
    for (let n = 0; n < rows.length; n += 500) await store.prepare(rows.slice(n, n + 500))();
    await admin.unsafe("vacuum analyze");
    const ask = (tenant: Tenant, { vector }: Passage) => store.search(Array.from(vector), tenant.uuid, wanted);
    await evaluate(peer, ask);
    await store.buildIndex();
    await admin.unsafe("vacuum analyze");
    await evaluate(`${peer}, HNSW`, ask);
    await store.close();
  }
};

const truth = async (admin: Sql, { uuid, model }: Tenant, { vector }: Passage): Promise<string[]> => {
  const rows = await admin<{ text: string }[]>`
    select c.text from app.embeddings e join app.chunks c using (tenant_id, document_id, version, ordinal)
    where e.tenant_id = ${uuid} and e.model = ${model} order by (e.embedding <=> ${`[${vector.join(",")}]`}::halfvec(512)) + 0 limit ${wanted}`;
  return rows.map(({ text }) => text);
};
