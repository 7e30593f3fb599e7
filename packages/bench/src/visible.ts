import { parseId, toUuid } from "@resolve/core/platform/id";
import { createClient, type Resolve, unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";
import {
  buildIndex,
  describeTenant,
  documentsPerTenant,
  fill,
  measured,
  passagesOf,
  questionsOf,
  type Tenant,
} from "./corpus.ts";
import { median, percentile, spread } from "./statistics.ts";
import { withSystem } from "./system.ts";

const chunks = Number(process.env["BENCH_CHUNKS"] ?? 20_000);
/** Which percentage of the documents a key may see. The last one sees all. */
const shares = [1, 10, 50, 100];
const modes = ["vector", "keyword", "hybrid"] as const;
const wordsPerChunk = 60;
const wordsPerQuestion = 8;
const questionsOfRecall = 100;
const questionsPerRound = 20;
const rounds = 9;
const wanted = 10;

type Mode = (typeof modes)[number];
/** A client with a key that sees this percentage of the documents. */
type Reader = { share: number; client: Resolve };

/**
 * Search by keys that access lists allow a part of the documents: recall@10 of the vectors against exact search with the same
 * key, and the time of each mode beside that of a key that sees everything.
 */
export const visible = async (): Promise<void> => {
  const folder = sharedData("documents/files");
  if (!folder) return;
  const passages = await passagesOf(folder, chunks + rounds * questionsPerRound, wordsPerChunk);
  const questions = (await questionsOf(passages.splice(chunks), wordsPerQuestion)).map(({ text }) => text);
  await withSystem(async ({ newTenant, admin, runtime }) => {
    const tenant = await describeTenant(await newTenant());
    await fill(admin, tenant, passages);
    const readers = await share(admin, tenant, runtime.apiUrl);
    const { seconds } = await buildIndex(tenant);
    await admin.unsafe("vacuum analyze");
    await measured(admin, tenant.uuid);
    console.log(`${chunks} chunks in ${documentsPerTenant} documents; the index was built in ${seconds.toFixed(0)} s`);
    console.log("visible  recall@10  short  plans");
    for (const { share, client } of readers) {
      const { recall, short, plans } = await recallOf(client, questions);
      console.log(`${String(share).padStart(5)} %  ${recall.padEnd(9)}  ${String(short).padEnd(5)}  ${plans}`);
    }
    for (const mode of modes) await compare(mode, readers, questions);
  });
};

/** Divides the documents between collections, and makes a key for each share that their access lists name. */
const share = async (admin: Sql, { client, uuid }: Tenant, apiUrl: string): Promise<Reader[]> => {
  const keys: { id: string; reader: Reader }[] = [];
  for (const share of shares) {
    const body = { name: `sees ${share} %`, role: "readonly" as const };
    const { apiKey, secret } = await unwrap(client.POST("/api/v1/api-keys", { body }));
    keys.push({ id: apiKey.id, reader: { share, client: createClient({ apiUrl, apiKey: secret }) } });
  }
  for (const [at, to] of shares.entries()) {
    const apiKeyIds = keys.slice(at).map(({ id }) => id);
    const body = { name: `up to ${to} %`, access: { apiKeyIds } };
    const { collection } = await unwrap(client.POST("/api/v1/collections", { body }));
    const [from, end] = [shares[at - 1] ?? 0, to].map((percent) => (percent * documentsPerTenant) / 100);
    await admin`update app.documents set collection_id = ${toUuid(parseId("collection", collection.id)!)}
      where tenant_id = ${uuid} and (metadata ->> 'n')::int >= ${from!} and (metadata ->> 'n')::int < ${end!}`;
  }
  return keys.map(({ reader }) => reader);
};

const recallOf = async (client: Resolve, questions: readonly string[]) => {
  let [hits, expected, short] = [0, 0, 0];
  const plans = new Map<string, number>();
  for (const query of questions.slice(0, questionsOfRecall)) {
    const truth = (await ask(client, "vector", query, { exact: true })).data;
    const { data, plan } = await ask(client, "vector", query, { explain: true });
    const found = new Set(data.map(({ chunk }) => chunk.id));
    hits += truth.filter(({ chunk }) => found.has(chunk.id)).length;
    expected += truth.length;
    if (found.size < truth.length) short++;
    plans.set(plan!.vectors, (plans.get(plan!.vectors) ?? 0) + 1);
  }
  return {
    recall: (hits / expected).toFixed(3),
    short,
    plans: [...plans].map(([plan, count]) => `${plan} ${count}`).join(", "),
  };
};

/** Asks each question with all keys, one after the other; the first round is a warm-up. */
const compare = async (mode: Mode, readers: readonly Reader[], questions: readonly string[]): Promise<void> => {
  const times = readers.map((): number[][] => []);
  for (let round = -1; round < rounds; round++) {
    const own = readers.map((): number[] => []);
    for (let n = 0; n < questionsPerRound; n++)
      for (let k = 0; k < readers.length; k++) {
        const at = (n + k) % readers.length;
        const query = questions[Math.max(0, round) * questionsPerRound + n]!;
        const startedAt = performance.now();
        await ask(readers[at]!.client, mode, query);
        own[at]!.push(performance.now() - startedAt);
      }
    if (round >= 0) for (const [at, of] of own.entries()) times[at]!.push(of);
  }
  console.log(`${mode}; ms, ${rounds} rounds of ${questionsPerRound} questions`);
  const all = times.at(-1)!;
  for (const [at, { share }] of readers.entries()) {
    const every = times[at]!.flat();
    const ratios = times[at]!.map((of, n) => median(of) / median(all[n]!));
    const ratio = times[at] === all ? "" : `${spread(ratios)} ×`;
    console.log(
      `${String(share).padStart(5)} %  p50 ${median(every).toFixed(1).padEnd(7)} p95 ${percentile(every, 0.95).toFixed(1).padEnd(7)} ${ratio}`,
    );
  }
};

const ask = (client: Resolve, mode: Mode, query: string, more: { exact?: boolean; explain?: boolean } = {}) =>
  unwrap(client.POST("/api/v1/search", { body: { query, mode, limit: wanted, ...more } }));
