import { parentPort } from "node:worker_threads";
import { ExtractionFailure, type ExtractionReply, type ExtractionRequest } from "./extract.ts";
import { read } from "./formats.ts";

parentPort!.once("message", async ({ bytes, name, limits }: ExtractionRequest) => {
  let reply: ExtractionReply;
  try {
    reply = { ok: true, extraction: await read(bytes, name, limits) };
  } catch (error) {
    if (error instanceof ExtractionFailure) reply = { ok: false, code: error.code };
    // A reader that gives up on a file says that the file is damaged.
    else reply = { ok: false, code: "corrupt" };
  }
  parentPort!.postMessage(reply);
});
