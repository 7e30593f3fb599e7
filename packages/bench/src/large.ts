import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { create, get, markUploaded } from "@resolve/core/documents";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import type { Id } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { testDatabase } from "@resolve/local/testing";
import { startWorkerBench } from "@resolve/local/worker-bench";
import PDFDocument from "pdfkit";
import type { Sql } from "postgres";
import { sharedData } from "../../../scripts/shared-data.ts";

const pages = 600;
/** Grey images of noise, which cannot be compressed: half a megabyte per page. */
const [width, height] = [1000, 500];

/** The memory of a worker in its own process, for 10 MB of text and for 300 MB of images with some text. */
export const large = async (): Promise<void> => {
  const database = await testDatabase();
  const admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const bench = await startWorkerBench(database);
  const ctx = await bench.newTenant();
  const worker = bench.startWorker();
  const file = sharedData("documents/files/pgfmanual.pdf");
  for (const [name, bytes] of [
    ["text.pdf", file && readFileSync(file)],
    ["scans.pdf", await makePdf()],
  ] as const) {
    if (!bytes) continue;
    const input = { name, contentType: "application/pdf", sizeBytes: bytes.length };
    const { document, upload } = await create(ctx, input);
    const { headers } = upload!;
    const { status } = await fetch(upload!.url, { method: "PUT", headers, body: new Uint8Array(bytes) });
    if (status !== 200) throw new Error(`the upload responded ${status}`);
    const version = sqlVersion(admin, document.id);
    // By its size, this file would go to a function.
    if (name === "text.pdf") await version.sendToTask();
    const startedAt = performance.now();
    await markUploaded(ctx, { id: document.id, version: 1 });
    await relay({ limit: 100 });
    let current = await get(ctx, document.id);
    while (current.status === "queued" || current.status === "processing") {
      await new Promise((done) => setTimeout(done, 200));
      current = await get(ctx, document.id);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    // The maximum resident memory (proc(5): VmHWM).
    const [, peakKb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${worker.pid}/status`, "utf8"))!;
    const size = `${(bytes.length / 1e6).toFixed(0)} MB, ${current.pages} pages, ${current.chunks} chunks`;
    console.log(`${name}: ${size}; ${current.status} after ${seconds.toFixed(1)} s by the ${await version.worker()}`);
    console.log(
      `  ${JSON.stringify(current.stageTimings)} ms; ${(Number(peakKb) / 1024).toFixed(0)} MiB resident at most`,
    );
  }
  await bench.close();
  await closeDatabases();
  await admin.end();
  await database.close();
};

const sqlVersion = (admin: Sql, id: Id<"document">) => ({
  sendToTask: () => admin`update app.document_versions set worker = 'task' where document_id = ${id}`,
  worker: async () => (await admin`select worker from app.document_versions where document_id = ${id}`)[0]!["worker"],
});

const makePdf = async (): Promise<Buffer> => {
  const document = new PDFDocument({ compress: false });
  const parts: Buffer[] = [];
  document.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => document.on("end", resolve));
  for (let page = 1; page <= pages; page++) {
    if (page > 1) document.addPage();
    document
      .fontSize(11)
      .text(`Page ${page}. ${`The lens of lot ${page * 7} is serviced in week ${page % 52}. `.repeat(20)}`);
    const picture = document.ref({
      Type: "XObject",
      Subtype: "Image",
      Width: width,
      Height: height,
      ColorSpace: "DeviceGray",
      BitsPerComponent: 8,
    });
    picture.end(randomBytes(width * height));
    document.page.xobjects[`P${page}`] = picture;
    document.addContent(`q 400 0 0 200 72 100 cm /P${page} Do Q`);
  }
  document.end();
  await ended;
  return Buffer.concat(parts);
};
