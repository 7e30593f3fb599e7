import { readFileSync } from "node:fs";
import { isolateTenant, reserveTenant } from "@resolve/core/identity";
import { type Ctx, tenantCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/db";
import { type Id, newId, newUuid, toUuid } from "@resolve/core/platform/id";
import { staticEmbedder } from "@resolve/embedding";
import { databaseLinks, testDatabase } from "@resolve/local/testing";
import postgres, { type Sql } from "postgres";
import { chunkText } from "../../core/src/documents/chunk.ts";
import { extract } from "../../core/src/documents/extract.ts";
import { type Index, writeIndex } from "../../core/src/documents/index-version.ts";
import { sharedData } from "../../core/src/testing/shared-data.ts";
import { spread } from "./statistics.ts";

const runs = 9;
const chunksMax = 2_000;

type Target = { ctx: Ctx; id: Id<"document">; tenant: string; document: string };

/** Our write of a prepared version against the bare statements: the same rows into the same tables, past all policies. */
export const ingest = async (): Promise<void> => {
  const file = sharedData("documents/files/pgfmanual.pdf");
  if (!file) return;
  const database = await testDatabase();
  process.env["SST_RESOURCES_JSON"] = databaseLinks(database);
  const admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  const index = await prepare(file);
  const rows = index.chunks.length;
  await admin`create table bare_chunks (tenant_id uuid, document_id uuid, ordinal int, text text)`;
  const seconds = { ours: [] as number[], bare: [] as number[], copy: [] as number[] };
  for (let run = 0; run < runs; run++) {
    seconds.ours.push(await ours(admin, index));
    seconds.bare.push(await bare(admin, index));
    seconds.copy.push(await copy(admin, index));
  }
  const ratio = (against: "bare" | "copy") => spread(seconds.ours.map((one, run) => seconds[against][run]! / one));
  console.log(`${rows} chunks with text search, BM25 terms and 512 dimensions, ${runs} interleaved runs`);
  console.log(
    `ours             ${spread(
      seconds.ours.map((one) => rows / one),
      0,
    )} chunks/s`,
  );
  console.log(
    `bare statements  ${spread(
      seconds.bare.map((one) => rows / one),
      0,
    )} chunks/s; ours is ${ratio("bare")} × as fast`,
  );
  console.log(
    `COPY, text only  ${spread(
      seconds.copy.map((one) => rows / one),
      0,
    )} rows/s; ours is ${ratio("copy")} × as fast`,
  );
  await closeDatabases();
  await admin.end();
  await database.close();
};

const prepare = async (file: string): Promise<Index> => {
  const extraction = await extract(readFileSync(file), { name: "manual.pdf" });
  const chunks = chunkText(extraction).slice(0, chunksMax);
  const embedder = staticEmbedder();
  const vectors = await embedder.embed(
    chunks.map(({ text }) => text),
    "document",
  );
  return {
    text: extraction.text.slice(0, chunks.at(-1)!.charEnd),
    chunks,
    embeddings: new Map([[embedder.model, vectors]]),
  };
};

/** A tenant and a document of its own for each run: rows are new every time. */
const newTarget = async (admin: Sql): Promise<Target> => {
  const actor = { type: "system", job: "bench" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, login: "WorkerDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Bench" }, {});
  await isolateTenant(ctx);
  const [id, tenant] = [newId("document"), ctx.tenantUuid];
  const document = toUuid(id);
  await admin`insert into app.documents (tenant_id, id, name, size_bytes, status) values (${tenant}, ${document}, 'a', 1, 'processing')`;
  await admin`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes) values (${tenant}, ${document}, 1, ${newUuid()}, 'k', 1)`;
  return { ctx, id, tenant, document };
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
};

const ours = async (admin: Sql, index: Index): Promise<number> => {
  const { ctx, id } = await newTarget(admin);
  return timed(() => withTx(ctx, (ctx) => writeIndex(ctx, { id, version: 1 }, index)));
};

const bare = async (admin: Sql, { chunks, embeddings, text }: Index): Promise<number> => {
  const [model, vectors] = [...embeddings][0]!;
  const { tenant, document } = await newTarget(admin);
  const column = <T>(of: (chunk: Index["chunks"][number]) => T) => chunks.map(of);
  return timed(() =>
    admin.begin(async (sql) => {
      await sql`insert into app.document_texts (tenant_id, document_id, version, text) values (${tenant}, ${document}, 1, ${text})`;
      await sql`
        insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, page, char_start, char_end, tokens, content_hash)
        select ${tenant}, ${document}, 1, c.ordinal, c.id, c.text, t.tsv, app.bm25(t.tsv, 160), c.page, c.char_start, c.char_end, c.tokens,
          sha256(convert_to(c.text, 'UTF8'))
        from unnest(${column(({ ordinal }) => ordinal)}::int[], ${column(() => newUuid())}::uuid[], ${column((chunk) => chunk.text)}::text[],
          ${column(({ page }) => page)}::int[], ${column(({ charStart }) => charStart)}::int[], ${column(({ charEnd }) => charEnd)}::int[],
          ${column(({ tokens }) => tokens)}::int[]) as c (ordinal, id, text, page, char_start, char_end, tokens),
          lateral (select app.tsv(c.text) as tsv offset 0) t`;
      await sql`
        insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
        select ${tenant}, ${document}, 1, e.ordinal, ${model}, e.vector::halfvec(512)
        from unnest(${column(({ ordinal }) => ordinal)}::int[], ${vectors.map((vector) => `[${vector.join(",")}]`)}::text[]) as e (ordinal, vector)`;
    }),
  );
};

const copy = async (admin: Sql, { chunks }: Index): Promise<number> => {
  const [tenant, document] = [newUuid(), newUuid()];
  const escaped = (text: string) =>
    text.replace(/[\\\t\n\r]/g, (found) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[found]!);
  const lines = chunks.map(({ ordinal, text }) => `${tenant}\t${document}\t${ordinal}\t${escaped(text)}\n`).join("");
  return timed(async () => {
    const stream = await admin`copy bare_chunks from stdin`.writable();
    await new Promise<void>((resolve, reject) => stream.on("error", reject).on("finish", resolve).end(lines));
  });
};
