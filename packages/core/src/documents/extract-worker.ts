import { parentPort } from "node:worker_threads";
import { ExtractionFailure, type Reply, type Request, type Tasks } from "./extract.ts";

parentPort!.once("message", async (request: Request) => {
  let reply: Reply<keyof Tasks>;
  try {
    reply = { ok: true, answer: await answer(request) };
  } catch (error) {
    if (error instanceof ExtractionFailure) reply = { ok: false, code: error.code, contentType: error.contentType };
    // What V8 says when one string would pass its 512 MB.
    else if (error instanceof RangeError && /string length/i.test(error.message))
      reply = { ok: false, code: "too-large" };
    else if (request.task === "chunk") throw error;
    // A reader that gives up on a file says that the file is damaged.
    else reply = { ok: false, code: "corrupt" };
  }
  parentPort!.postMessage(reply);
});

const answer = async (request: Request): Promise<Tasks[keyof Tasks]["answer"]> => {
  if (request.task === "pages") return (await import("./formats/pdf.ts")).readPages(request);
  if (request.task === "chunk") return (await import("./index/chunk.ts")).chunkText(request.extraction);
  return (await import("./formats/index.ts")).read(request.bytes, request.hint, request.limits);
};
