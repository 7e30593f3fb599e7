import { parentPort } from "node:worker_threads";
import { replyTo } from "./reply.ts";
import type { Request } from "./tasks.ts";

// `parentPort` is set in every worker thread, and this file only runs in one.
parentPort!.once("message", async (request: Request) => {
  // An unexpected error of a reader means that the file is damaged.
  parentPort!.postMessage(await replyTo(() => run(request), "corrupt"));
});

const run = async (request: Request) => {
  if (request.task === "render") return (await import("./formats/pdf/render.ts")).renderPages(request);
  if (request.task === "pages") return (await import("./formats/pdf/pdf.ts")).readPages(request);
  return (await import("./formats/index.ts")).read(request.bytes, request.hint, request.limits);
};
