import { documentSettled, type Schemas, unwrap, uploadDocument } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { newMarker, type Tenant, until } from "../tenant.ts";
import { prose, sentence } from "../texts.ts";

const p95MsMax = 200;
const recallMin = 0.95;
const facts = 30;
const proseBytes = 1_000_000;
const searches = 100;
const warmUps = 10;
/** A local system shares the cores with this command, so concurrent searches would delay each other. */
const concurrency = 1;
const recallQueries = 20;
const depth = 10;
const indexSeconds = 120;
/** Distances of single precision with a smaller difference count as equal. */
const tie = 1e-5;

const percent = (share: number): string => `${(share * 100).toFixed(1).replace(/\.0$/, "")} %`;

export const search: Check = {
  name: "search",
  promise: "Search is fast, puts the right document first, and finds what a comparison with every chunk finds",
  limit: `95 of 100 searches within ${p95MsMax} ms; ${facts} of ${facts} facts first; ${percent(recallMin)} of the exact top ${depth}`,
  // In tenant B, because an index slows all later writes of its tenant, and the other checks write into A.
  async run({ b }) {
    const faults: string[] = [];
    const added = await addFacts(b);
    const bytes = new TextEncoder().encode(prose(proseBytes));
    const { id } = await uploadDocument(b.client, { name: "prose.txt", contentType: "text/plain", bytes });
    for (const documentId of [id, ...added.map(({ id }) => id)]) {
      const { status } = await documentSettled(b.client, documentId);
      if (status !== "ready") faults.push(`${documentId} is ${status}`);
    }
    const { chunks } = await documentSettled(b.client, id);
    const indexed = await buildIndex(b);

    await pMap(questions(0, warmUps), (query) => ask(b, { query }), { concurrency });
    const ms = await pMap(
      questions(warmUps, searches),
      async (query) => {
        const startedAt = performance.now();
        await ask(b, { query });
        return performance.now() - startedAt;
      },
      { concurrency },
    );
    ms.sort((x, y) => x - y);
    const percentile = (share: number): number => Math.round(ms[Math.ceil(ms.length * share) - 1] ?? 0);
    const [p50, p95] = [percentile(0.5), percentile(0.95)];

    const first = await pMap(
      added,
      async ({ id, question }) => {
        const { data } = await ask(b, { query: question });
        if (data[0]?.document.id === id) return 1;
        faults.push(`“${question}” finds ${data[0]?.document.name ?? "nothing"} first`);
        return 0;
      },
      { concurrency },
    );
    const right = first.reduce<number>((sum, one) => sum + one, 0);

    const plans = new Set<string>();
    const recalls = await pMap(
      questions(0, recallQueries),
      async (query) => {
        const body = { query, mode: "vector", limit: depth } as const;
        const [found, exact] = await Promise.all([
          ask(b, { ...body, explain: true }),
          ask(b, { ...body, exact: true }),
        ]);
        plans.add(found.plan?.vectors ?? "unknown");
        return recallOf(found, exact);
      },
      { concurrency },
    );
    const recall = recalls.reduce((sum, one) => sum + one, 0) / recalls.length;
    if (p95 > p95MsMax) faults.push(`95 of 100 searches took up to ${p95} ms`);
    if (recall < recallMin) faults.push(`search finds ${percent(recall)} of the results of exact search`);
    return {
      measured: `95 of 100 searches within ${p95} ms; ${right} of ${facts} facts first; ${percent(recall)} of the exact top ${depth}`,
      passed: faults.length === 0,
      detail: details(
        [
          `${searches} different searches, one after the other, among ${chunks + facts} chunks, timed here and so with the network: p50 ${p50} ms, p95 ${p95} ms`,
          `recall@${depth} against exact search: ${recall.toFixed(3)}, mean of ${recallQueries} queries`,
          `vectors are searched by ${[...plans].join(" and ")}${indexed ? "" : `; an index was not built within ${indexSeconds} s`}`,
        ],
        faults,
      ),
    };
  },
};

type Query = Partial<Schemas["SearchQuery"]> & { query: string };

const ask = ({ client }: Tenant, body: Query) => unwrap(client.POST("/api/v1/search", { body }));

/** Adds documents that each contain one fact about one warehouse. */
const addFacts = ({ client }: Tenant) =>
  pMap(
    Array.from({ length: facts }),
    async (_, n) => {
      const warehouse = newMarker();
      const text = `${sentence(3 * n)} The access code of warehouse ${warehouse} is ${100_000 + n * 7_919}. ${sentence(3 * n + 1)}`;
      const { document } = await unwrap(client.POST("/api/v1/documents", { body: { name: `fact ${n}.txt`, text } }));
      return { id: document.id, question: `What is the access code of warehouse ${warehouse}?` };
    },
    { concurrency: 4 },
  );

/** Builds the vector index, because small tenants are searched exactly and large ones by index. */
const buildIndex = async ({ client }: Tenant): Promise<boolean> => {
  try {
    const { job } = await unwrap(client.POST("/api/v1/jobs", { body: { type: "index" } }));
    const params = { path: { jobId: job.id }, query: { waitSeconds: 5 } };
    const { status } = await until(
      "the index",
      () => unwrap(client.GET("/api/v1/jobs/{jobId}", { params })),
      ({ status }) => status !== "queued" && status !== "running",
      indexSeconds,
    );
    return status === "completed";
  } catch {
    return false;
  }
};

/** The first eight words of a sentence, about the length of a typical query. */
const questions = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) =>
    sentence((from + n) * 41)
      .split(" ")
      .slice(0, 8)
      .join(" "),
  );

type Found = Awaited<ReturnType<typeof ask>>;

/** Chunks at the same distance count as equal. */
const recallOf = (found: Found, exact: Found): number => {
  const worst = exact.data.at(-1)?.scores.vector ?? 0;
  const close = found.data.filter(({ scores }) => (scores.vector ?? 0) >= worst - tie);
  return exact.data.length === 0 ? 0 : Math.min(1, close.length / exact.data.length);
};
