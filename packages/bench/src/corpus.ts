import { readdirSync, readFileSync } from "node:fs";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { newUuid, parseId, toId, toUuid } from "@resolve/core/platform/id";
import { staticEmbedder } from "@resolve/embedding";
import { extract } from "@resolve/extraction/extract";
import { type Resolve, unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import { writeParts } from "../../core/src/documents/index/write.ts";
import { asWords } from "./relevance.ts";

export type Passage = { text: string; vector: Float32Array };

/** `count` passages of real documents with `wordsEach` words each, in a pseudo-random but reproducible order. */
export const passagesOf = async (folder: string, count: number, wordsEach: number): Promise<Passage[]> => {
  const words: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    const extraction = await extract(readFileSync(`${folder}/${name}`), { name }).catch(() => undefined);
    for (const word of extraction?.text.split(/\s+/) ?? []) words.push(word);
  }
  // Passages overlap only when the documents have too few words.
  const stride = Math.floor((words.length - wordsEach) / count);
  if (stride < 1) throw new Error(`the documents have only ${words.length} words`);
  const texts = Array.from({ length: count }, (_, n) => words.slice(n * stride, n * stride + wordsEach).join(" "))
    .map((text, n) => ({ text, key: (n * 2_654_435_761) % 4_294_967_296 }))
    .sort((a, b) => a.key - b.key)
    .map(({ text }) => text);
  const vectors = await staticEmbedder().embed(texts, "document");
  return texts.map((text, n) => ({ text, vector: vectors[n]! }));
};

/** Turns passages into queries of plain words: a quote would require a phrase and a dash would exclude a word. */
export const questionsOf = async (
  passages: readonly Passage[],
  words = Number.POSITIVE_INFINITY,
): Promise<Passage[]> => {
  const texts = passages.map(({ text }) => asWords(text.split(" ").slice(0, words).join(" ")));
  const vectors = await staticEmbedder().embed(texts, "query");
  return texts.map((text, n) => ({ text, vector: vectors[n]! }));
};

export type Tenant = { client: Resolve; uuid: string; model: string };

/** The tenant's id in the database and its embedding model. */
export const describeTenant = async (client: Resolve): Promise<Tenant> => {
  const { id } = await unwrap(client.GET("/api/v1/tenant"));
  const { plan } = await unwrap(client.POST("/api/v1/search", { body: { query: "model", explain: true } }));
  return { client, uuid: toUuid(parseId("tenant", id)!), model: plan!.model! };
};

export const documentsPerTenant = 100;

/**
 * Inserts 100 ready documents with these passages as chunks, without the pipeline. `metadata.n` numbers the documents.
 */
export const fill = async (
  admin: Sql,
  { uuid: tenant, model }: Tenant,
  passages: readonly Passage[],
): Promise<void> => {
  const ctx = systemCtx({ tenantId: toId("tenant", tenant), job: "bench" });
  const perDocument = Math.ceil(passages.length / documentsPerTenant);
  await admin`insert into app.corpora (tenant_id, language) values (${tenant}, 'english') on conflict do nothing`;
  for (let n = 0; n * perDocument < passages.length; n++) {
    const own = passages.slice(n * perDocument, (n + 1) * perDocument);
    const id = newUuid();
    await admin`insert into app.documents (tenant_id, id, name, size_bytes, status, live_version, chunks, language, metadata)
      values (${tenant}, ${id}, ${`document ${n}`}, 1, 'ready', 1, ${own.length}, 'english', ${JSON.stringify({ n })}::text::jsonb)`;
    await admin`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes)
      values (${tenant}, ${id}, 1, ${newUuid()}, ${id}, 1)`;
    const chunks = own.map(({ text }, ordinal) => {
      return {
        ordinal,
        text,
        page: null,
        context: null,
        sheet: null,
        cells: null,
        marks: null,
        headings: [],
        charStart: 0,
        charEnd: text.length,
        tokens: 1,
      };
    });
    const vectors = async (from: number, to: number) => own.slice(from, to).map(({ vector }) => vector);
    const index = { text: "", language: "english", chunks, embeddings: new Map([[model, vectors]]) };
    await withTx(ctx, (ctx) => writeParts({ id: toId("document", id), version: 1 }, index, (_, write) => write(ctx)));
  }
};

/** Builds the tenant's HNSW index with a job, as in production, and waits until search uses it. */
export const buildIndex = async ({ client }: Tenant): Promise<{ seconds: number }> => {
  const startedAt = performance.now();
  const { data, error } = await client.POST("/api/v1/jobs", { body: { type: "index" } });
  // The sweep may have started the job already, because the tenant has grown.
  const jobId = data?.job.id ?? String((error as { jobId?: unknown }).jobId);
  let status = "queued";
  while (status !== "completed") {
    if (status === "failed") throw new Error("the index was not built");
    const params = { path: { jobId }, query: { waitSeconds: 20 } };
    status = (await unwrap(client.GET("/api/v1/jobs/{jobId}", { params }))).status;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const body = { query: "index", mode: "vector", explain: true } as const;
  // The API caches the search plan of a tenant for some seconds.
  while ((await unwrap(client.POST("/api/v1/search", { body }))).plan?.vectors === "exact")
    await new Promise((resolve) => setTimeout(resolve, 500));
  return { seconds };
};

/** Waits until the sweep has measured a tenant that has grown. */
export const measured = async (admin: Sql, uuid: string): Promise<void> => {
  const deadline = performance.now() + 180_000;
  while (performance.now() < deadline) {
    const [row] = await admin`select
      exists (select from app.corpora where tenant_id = ${uuid} and chunks is not null)
      and not exists (select from app.jobs where tenant_id = ${uuid} and status in ('queued', 'running')) as is_done`;
    if (row!["is_done"]) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error("the sweep did not measure the tenant");
};
