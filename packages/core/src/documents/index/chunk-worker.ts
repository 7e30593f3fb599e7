import { parentPort } from "node:worker_threads";
import type { Extraction } from "@resolve/extraction/extraction";
import { replyTo } from "@resolve/extraction/reply";
import { chunkText } from "./chunk.ts";

parentPort!.once("message", async ({ extraction }: { extraction: Extraction }) => {
  parentPort!.postMessage(await replyTo(() => chunkText(extraction)));
});
