import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Demo = { tenantId: string; apiKey: string };
type Step = {
  name: string;
  kind: string;
  status: string;
  durationMs: number | null;
  error: { message: string } | null;
  result: Record<string, unknown> | null;
};
type Run = { id: string; status: string; durationMs: number; targetMs: number; steps: Step[] };

const corpus = new URL("../../../../examples/corpus/", import.meta.url);
type Question = { question: string; document: string; contains: string };
const { company, questions }: { company: string; questions: [Question, ...Question[]] } = JSON.parse(
  readFileSync(new URL("../../../../examples/questions.json", import.meta.url), "utf8"),
);

const contentTypes: Record<string, string> = {
  ".pdf": "application/pdf",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".html": "text/html",
  ".md": "text/markdown",
  ".csv": "text/csv",
};

const waitSeconds = 20;
const roundsMax = 15;
const repetitionsMax = 10;

/**
 * Onboards the demo tenant through the public API: creates the tenant, uploads `examples/corpus` by presigned PUT,
 * waits for the first cited answer and prints the timeline. For an existing tenant, only the search is repeated.
 *
 * @throws Error with the failed step and its reason
 */
export async function runDemo(options: {
  apiUrl: string;
  adminApiKey: string;
  existing: Demo | undefined;
  print: (line: string) => void;
}): Promise<Demo> {
  const { apiUrl, adminApiKey, print } = options;
  const call = async <T>(method: string, path: string, key: string, body?: unknown): Promise<T> => {
    const headers = {
      authorization: `Bearer ${key}`,
      "idempotency-key": randomUUID(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    for (let repetitions = 0; ; repetitions += 1) {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      });
      // The caller names the type of the response; a problem has `code` and `detail`.
      const content = (await response.json()) as T & { code?: string; detail?: string };
      if (response.ok) return content;
      // A busy machine answers 503, and the request that it has answered so may still be running.
      const isBusy = response.status === 503 || content.code === "idempotency-in-progress";
      if (!isBusy || repetitions === repetitionsMax)
        throw new Error(`${method} ${path} responded ${response.status}: ${content.detail}`);
      await sleep(1000 * Number(response.headers.get("retry-after") ?? 1));
    }
  };

  const [first] = questions;
  if (options.existing) {
    await ask(call, options.existing.apiKey, first.question, print);
    return options.existing;
  }

  type Created = { tenant: { id: string }; apiKey: { secret: string }; onboarding: Run };
  const created = await call<Created>("POST", "/v1/tenants", adminApiKey, {
    name: company,
    plan: "team",
    admin: { email: "admin@demo.example", name: "Demo Admin" },
    seedQuestion: first.question,
  });
  const demo: Demo = { tenantId: created.tenant.id, apiKey: created.apiKey.secret };
  print(`tenant ${company} created; its API key works`);

  const names = readdirSync(corpus).sort();
  const ids = await Promise.all(names.map((name) => upload(call, demo.apiKey, name)));
  print(`${names.length} documents uploaded`);
  for (const [at, id] of ids.entries()) {
    type Document = { status: string; chunks: number; pages: number | null; failure: { message: string } | null };
    const read = () => call<Document>("GET", `/v1/documents/${id}?waitSeconds=${waitSeconds}`, demo.apiKey);
    let document = await read();
    for (let round = 1; round < roundsMax && !document.failure && document.status !== "ready"; round++)
      document = await read();
    if (document.status !== "ready")
      throw new Error(`${names[at]} is ${document.status}: ${document.failure?.message ?? "still being processed"}`);
    print(
      `  ${String(names[at]).padEnd(20)} ready, ${document.pages ? `${document.pages} pages, ` : ""}${document.chunks} chunks`,
    );
  }

  let run = created.onboarding;
  for (let round = 0; round < roundsMax && (run.status === "running" || run.status === "waiting"); round++) {
    run = await call<Run>("GET", `/v1/onboarding/${run.id}?waitSeconds=${waitSeconds}`, demo.apiKey);
    // A run that waits for documents continues as soon as they are ready, and the route returns immediately for it.
    if (run.status === "waiting") await sleep(100);
  }
  printTimeline(run, print);
  const failed = run.steps.find((step) => step.status === "failed");
  if (run.status !== "completed")
    throw new Error(
      `The onboarding run is ${run.status}${failed ? ` at ${failed.name}: ${failed.error?.message}` : ""}`,
    );
  await ask(call, demo.apiKey, first.question, print);
  return demo;
}

type Call = <T>(method: string, path: string, key: string, body?: unknown) => Promise<T>;

const upload = async (call: Call, key: string, name: string): Promise<string> => {
  const bytes = readFileSync(new URL(name, corpus));
  type Reserved = { document: { id: string }; upload: { url: string; headers: Record<string, string> } };
  const { document, upload } = await call<Reserved>("POST", "/v1/documents", key, {
    name,
    contentType: contentTypes[extname(name)] ?? "application/octet-stream",
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  const stored = await fetch(upload.url, { method: "PUT", headers: upload.headers, body: new Uint8Array(bytes) });
  if (!stored.ok) throw new Error(`Uploading ${name} responded ${stored.status}`);
  return document.id;
};

const barWidth = 24;

const printTimeline = (run: Run, print: (line: string) => void): void => {
  const longest = Math.max(
    ...run.steps.filter((step) => step.kind !== "customer").map((step) => step.durationMs ?? 0),
    1,
  );
  print("onboarding");
  for (const { name, kind, status, durationMs } of run.steps) {
    const bar =
      kind === "customer" ? "" : "█".repeat(Math.max(1, Math.round(((durationMs ?? 0) / longest) * barWidth)));
    const took = durationMs === null ? "" : `${durationMs} ms`;
    print(
      `  ${name.padEnd(20)} ${status.padEnd(10)} ${took.padStart(8)}  ${kind === "customer" ? "(the customer's step)" : bar}`,
    );
  }
  print(`from contract to first answer in ${(run.durationMs / 1000).toFixed(2)} s (target ${run.targetMs / 1000} s)`);
};

const quoteChars = 240;

const ask = async (call: Call, key: string, question: string, print: (line: string) => void): Promise<void> => {
  type Hit = {
    document: { name: string };
    chunk: { text: string; page: number | null; headings: string[] };
    highlights: [number, number][];
  };
  const { data } = await call<{ data: Hit[] }>("POST", "/v1/search", key, { query: question, limit: 1 });
  const [hit] = data;
  if (!hit) throw new Error(`The search found nothing for "${question}"`);
  const source = [hit.document.name, hit.chunk.page ? `page ${hit.chunk.page}` : "", ...hit.chunk.headings]
    .filter(Boolean)
    .join(" › ");
  print(`“${question}”`);
  // The quote starts shortly before the first highlighted word.
  const from = Math.max(0, (hit.highlights[0]?.[0] ?? 0) - 40);
  print(`  …${hit.chunk.text.slice(from).replace(/\s+/g, " ").slice(0, quoteChars)}…`);
  print(`  — ${source}`);
};
