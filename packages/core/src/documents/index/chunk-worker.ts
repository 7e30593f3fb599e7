import { parentPort } from "node:worker_threads";
import type { Extraction } from "@resolve/extraction/extraction";
import { replyTo } from "@resolve/extraction/reply";
import { chunkText, withoutText } from "./chunk.ts";

// `parentPort` is set in every worker thread, and this file only runs in one.
parentPort!.once("message", async ({ extraction }: { extraction: Extraction }) => {
  parentPort!.postMessage(await replyTo(() => chunkText(extraction).map(withoutText)));
});
