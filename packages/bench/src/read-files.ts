import { readFileSync } from "node:fs";
import { extract } from "@resolve/extraction/extract";

/** A process that reads files with one reader: it gets the path of a file, and answers with its text or why there is none. */
export type Asked = { path: string; name: string; contentType?: string };
export type Read = { text: string; ms: number } | { failure: string; ms: number };

const [reader] = process.argv.slice(2);

const open = async (): Promise<(asked: Asked) => Promise<string>> => {
  if (reader === "Resolve") return async ({ path, ...hint }) => (await extract(readFileSync(path), hint)).text;
  const { readers } = await import(new URL("../peers/readers.mjs", import.meta.url).href);
  const read = await readers[reader!].open();
  return ({ path }) => read(path);
};

const read = await open();
process.on("message", async (asked: Asked) => {
  const startedAt = performance.now();
  const ms = () => performance.now() - startedAt;
  try {
    const text = String(await read(asked));
    process.send!({ text, ms: ms() } satisfies Read);
  } catch (error) {
    process.send!({ failure: error instanceof Error ? error.message : "no reason", ms: ms() } satisfies Read);
  }
});
process.send!("ready");
