import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { sharedData } from "../../../scripts/shared-data.ts";
import { type Compared, type Day, replayDay } from "./day.ts";

/** The share of the day that is replayed: all by default, `BENCH_SHARE=0.1` for a tenth. */
const share = Number(process.env["BENCH_SHARE"] ?? 1);
const shown = 10;

/**
 * Replays the given day of 100 tenants (1,867 documents, 5,000 searches) as fast as the system answers, and compares what the ledger
 * says with the cost model of the same day.
 */
export const ledger = async (): Promise<void> => {
  const folder = sharedData("workload");
  if (!folder) return;
  const log: string[] = [];
  const child = fork(new URL("../../local/src/testing-server.ts", import.meta.url), {
    silent: true,
    env: { ...process.env, POWERTOOLS_LOG_LEVEL: "INFO" },
  });
  child.stdout!.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  child.stderr!.resume();
  const [{ apiUrl, operatorKey }] = await once(child, "message");
  const lines = () =>
    log
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  const { all, assumed, tenants, amounts } = await replayDay({ apiUrl, operatorKey, lines }, readDay(folder));
  console.log(`${all.requests} requests, ${amounts["documents"]} documents, ${amounts["message.count"]} messages`);
  console.log("| tenant | requests | ledger, USD | model, USD | ledger ÷ model |\n|---|--:|--:|--:|--:|");
  const row = ({ tenant, requests, ledger, model }: Compared) =>
    console.log(
      `| ${tenant} | ${requests} | ${ledger.toFixed(5)} | ${model.toFixed(5)} | ${(ledger / model).toFixed(3)} |`,
    );
  row(all);
  for (const one of tenants.toSorted((a, b) => b.requests - a.requests).slice(0, shown)) row(one);
  const ratios = tenants.map(({ ledger, model }) => ledger / model).sort((a, b) => a - b);
  console.log(`tenants: ${ratios[0]!.toFixed(3)}…${ratios.at(-1)!.toFixed(3)}`);
  console.log(
    `the model with its own service times: ${assumed.toFixed(5)} USD, ledger ÷ model ${(all.ledger / assumed).toFixed(3)}`,
  );
  for (const kind of ["request", "message"])
    console.log(
      `${kind}: CPU ${perOne(amounts, kind, "cpuMicros")} ms, database ${perOne(amounts, kind, "databaseMicros")} ms each`,
    );
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
};

const perOne = (amounts: Record<string, number>, kind: string, figure: string): string =>
  ((amounts[`${kind}.${figure}`] ?? 0) / (amounts[`${kind}.count`] ?? 1) / 1000).toFixed(1);

const readDay = (folder: string): Day => {
  const rows = (name: string) => {
    const all = readFileSync(`${folder}/${name}`, "utf8").split("\n").slice(1).filter(Boolean);
    return all.slice(0, Math.ceil(all.length * share)).map((line) => line.split("\t") as [string, ...string[]]);
  };
  const texts = new Map<string, Map<string, string>>();
  const textOf = (set: string, file: string, id: string): string => {
    const key = `${set}/${file}`;
    const known =
      texts.get(key) ??
      new Map(
        readFileSync(`${folder}/../retrieval/${key}.jsonl`, "utf8")
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line))
          .map(({ _id, title = "", text }) => [_id, `${title}\n\n${text}`.trim()]),
      );
    texts.set(key, known);
    return known.get(id) ?? "";
  };
  return {
    // Their formats are written as Markdown: what is compared does not depend on the reader.
    documents: rows("documents.tsv").map(([tenant, set = "", id = "", , repeat]) => ({
      ...{ tenant, name: `${id}.md` },
      text: Array(Number(repeat))
        .fill(textOf(set, "docs", id))
        .join("\n\n")
        .slice(0, 500_000),
    })),
    queries: rows("querylog.tsv").map(([, tenant = "", set = "", id = "", mode = "hybrid", limit]) => ({
      ...{ tenant, mode, limit: Number(limit) },
      query: textOf(set, "queries", id).slice(0, 500),
    })),
  };
};
