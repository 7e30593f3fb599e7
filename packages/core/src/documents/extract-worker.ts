import { parentPort } from "node:worker_threads";
import { ExtractionFailure, type ExtractionReply, type ExtractionRequest } from "./extract.ts";
import { read } from "./formats/index.ts";

parentPort!.once("message", async ({ bytes, hint, limits }: ExtractionRequest) => {
  let reply: ExtractionReply;
  try {
    reply = { ok: true, extraction: await read(bytes, hint, limits) };
  } catch (error) {
    if (error instanceof ExtractionFailure) reply = { ok: false, code: error.code, contentType: error.contentType };
    // What V8 says when one string would pass its 512 MB.
    else if (error instanceof RangeError && /string length/i.test(error.message))
      reply = { ok: false, code: "too-large" };
    // A reader that gives up on a file says that the file is damaged.
    else reply = { ok: false, code: "corrupt" };
  }
  parentPort!.postMessage(reply);
});
