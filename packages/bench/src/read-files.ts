import { readFileSync } from "node:fs";
import { extract } from "@resolve/extraction/extract";
import { defaultLimits } from "@resolve/extraction/extraction";

/** A process that reads files with one reader: it gets the path of a file, and answers with its text or why there is none. */
export type Asked = { path: string; name: string; contentType?: string };
export type Read = ({ text: string } | { failure: string }) & { cpuMs: number };

const [reader] = process.argv.slice(2);

const open = async (): Promise<(asked: Asked) => Promise<string>> => {
  if (reader === "Resolve") {
    // On a busy machine a large file takes longer than a function has.
    const limits = { ...defaultLimits, timeoutSeconds: 300 };
    return async ({ path, ...hint }) => (await extract(readFileSync(path), hint, limits)).text;
  }
  const { readers } = await import(new URL("../peers/readers.mjs", import.meta.url).href);
  const read = await readers[reader!].open();
  return ({ path }) => read(path);
};

const read = await open();
process.on("message", async (asked: Asked) => {
  const before = process.cpuUsage();
  const outcome = await read(asked).then(
    (text) => ({ text: String(text) }),
    (error: unknown) => ({ failure: error instanceof Error ? error.message : "no reason" }),
  );
  // Of all threads of the process.
  const { user, system } = process.cpuUsage(before);
  process.send!({ ...outcome, cpuMs: (user + system) / 1000 } satisfies Read);
});
process.send!("ready");
