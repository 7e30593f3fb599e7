import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sharedData } from "../../../scripts/shared-data.ts";
import { loadReaders } from "./peers.ts";
import type { Asked, Read } from "./read-files.ts";
import { plot } from "./reading-plot.ts";
import { median } from "./statistics.ts";

/** A file to read, and what is wrong with a text of it. */
type Task = Asked & { format: string; group: "cases" | "documents"; phrases: string[]; judge(read: Read): boolean };
export type Result = { task: Task; read: Read; mb: number; isRight: boolean; found: number };

const secondsMax = 300;
/** The first reading also loads the reader's libraries. */
const rounds = 2;
/** A file that takes longer is read once. */
const repeatedMsMax = 2_000;

/** Reads the cases and the documents with each reader, in a process of its own; prints tables and writes the plot of docs/reading.md. */
export const reading = async (): Promise<void> => {
  const tasks = [...(await casesOf()), ...documentsOf()];
  if (tasks.length === 0) return;
  const readers: Record<string, readonly string[] | undefined> = { Resolve: undefined, ...(await loadReaders()) };
  const results = new Map<string, Result[]>(Object.keys(readers).map((name) => [name, []]));
  const children = new Map<string, ChildProcess>();
  for (const name of Object.keys(readers)) children.set(name, await start(name));
  // Interleaved, so that other work on the machine slows all of them.
  for (const task of tasks)
    for (const [name, formats] of Object.entries(readers))
      if (!formats || formats.includes(task.format)) results.get(name)!.push(await readTask(children, name, task));
  for (const child of children.values()) child.kill();
  report(results, tasks);
  writeFileSync(new URL("../../../docs/reading.svg", import.meta.url), plot(results, tasks));
};

const casesOf = async (): Promise<Task[]> => {
  const expected = sharedData("cases/expect.json");
  if (!expected) return [];
  const { judge } = await import(sharedData("cases/judge.mjs")!);
  // The file belongs to the cases; cases.test.ts reads it in the same form.
  const cases = JSON.parse(readFileSync(expected, "utf8")) as {
    file: string;
    name?: string;
    contentType: string;
    status: string;
  }[];
  return cases.map((one) => ({
    path: sharedData(`cases/files/${one.file}`)!,
    name: one.name ?? one.file,
    contentType: one.contentType,
    format: formatOf(one.file),
    group: "cases",
    phrases: [],
    judge: (read) => ("text" in read ? judge(one, read.text).length === 0 : one.status === "either"),
  }));
};

/** The documents of the manifest that have text: right when every phrase is found. */
const documentsOf = (): Task[] => {
  const manifest = sharedData("documents/manifest.tsv");
  if (!manifest) return [];
  const [head = "", ...lines] = readFileSync(manifest, "utf8").trim().split("\n");
  const column = (name: string) => head.split("\t").findIndex((title) => title.startsWith(name));
  const [file, expectation, phrases, gate] = ["file", "expectation", "phrases", "gate"].map(column);
  return lines.flatMap((line): Task[] => {
    const cells = line.split("\t");
    const wanted = (cells[phrases!] ?? "").split(" ¦ ").map(plain).filter(Boolean);
    if (cells[expectation!] !== "text" || cells[gate!] !== "hard" || wanted.length === 0) return [];
    const name = cells[file!]!;
    const judge = (read: Read) => found(read, wanted) === wanted.length;
    return [
      {
        path: sharedData(`documents/files/${name}`)!,
        name,
        format: formatOf(name),
        group: "documents",
        phrases: wanted,
        judge,
      },
    ];
  });
};

const formatOf = (file: string): string => file.split(".").at(-1)!.toLowerCase();

/** As the manifest asks for. */
const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();

const found = (read: Read, phrases: readonly string[]): number => {
  if (!("text" in read)) return 0;
  const text = plain(read.text);
  return phrases.filter((phrase) => text.includes(phrase)).length;
};

const program = fileURLToPath(new URL("./read-files.ts", import.meta.url));

const start = async (reader: string): Promise<ChildProcess> => {
  const child = fork(program, [reader], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  await once(child, "message");
  return child;
};

/** Reads a file with one reader; its time is the shortest one, its memory the largest growth of the process. */
const readTask = async (children: Map<string, ChildProcess>, name: string, task: Task): Promise<Result> => {
  const reads: Read[] = [];
  let mb = 0;
  for (let round = 0; round < rounds; round++) {
    const child = children.get(name)!;
    const before = memoryOf(child);
    resetPeak(child);
    const read = await readOne(child, task);
    reads.push(read);
    if (child.exitCode !== null || child.signalCode !== null) {
      children.set(name, await start(name));
      break;
    }
    mb = Math.max(mb, memoryOf(child).peak - before.now);
    if (read.cpuMs > repeatedMsMax) break;
  }
  const read = { ...reads.at(-1)!, cpuMs: Math.min(...reads.map(({ cpuMs }) => cpuMs)) };
  return {
    task,
    read,
    mb,
    isRight: task.judge(withoutMarks(name, read)),
    found: found(withoutMarks(name, read), task.phrases),
  };
};

/** Marks of Markdown, which anydoc returns, are not what a file says. */
const withoutMarks = (reader: string, read: Read): Read =>
  reader === "anydoc" && "text" in read
    ? { ...read, text: read.text.replace(/\\([!-/:-@[-`{-~])/g, "$1").replace(/(\*\*|\*)(?=\S)([^*\n]+)\1/g, "$2") }
    : read;

const readOne = async (child: ChildProcess, { path, name, contentType }: Task): Promise<Read> => {
  const timer = setTimeout(() => child.kill("SIGKILL"), secondsMax * 1000);
  const reply = new Promise<Read>((resolve) => {
    child.once("message", resolve as (read: unknown) => void);
    child.once("exit", () => resolve({ failure: "the process ended", cpuMs: secondsMax * 1000 }));
  });
  child.send({ path, name, ...(contentType ? { contentType } : {}) } satisfies Asked);
  try {
    return await reply;
  } finally {
    clearTimeout(timer);
    child.removeAllListeners();
  }
};

/** Resident memory of a process in MB (proc(5)): now, and at most since the last reset. */
const memoryOf = ({ pid }: ChildProcess): { now: number; peak: number } => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: of("VmRSS"), peak: of("VmHWM") };
};
const resetPeak = ({ pid }: ChildProcess): void => writeFileSync(`/proc/${pid}/clear_refs`, "5");

const share = (right: number, all: number): string => (all === 0 ? "–" : `${right} of ${all}`);

const report = (results: ReadonlyMap<string, Result[]>, tasks: readonly Task[]): void => {
  const formats = [...new Set(tasks.map(({ format }) => format))];
  const phrases = tasks.reduce((sum, task) => sum + task.phrases.length, 0);
  console.log(
    `\n${tasks.length} files, ${phrases} phrases; the shorter of ${rounds} readings, in a process for each reader\n`,
  );
  console.log(
    "| reader | right of all files | of those it takes | cases | documents | phrases | CPU ms per file, p50 / p95 | MB per file, p50 / p95 |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const [name, own] of results) {
    const right = (group?: string) =>
      own.filter(({ task, isRight }) => isRight && (!group || task.group === group)).length;
    const all = (group: string) => own.filter(({ task }) => task.group === group).length;
    const words = own.reduce((sum, { found }) => sum + found, 0);
    const at = (values: number[], part: number) =>
      values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))]!;
    const times = own.map(({ read }) => read.cpuMs);
    const sizes = own.map(({ mb }) => mb);
    console.log(
      `| ${name} | ${share(right(), tasks.length)} | ${share(right(), own.length)} | ${share(right("cases"), all("cases"))} | ${share(right("documents"), all("documents"))} | ${share(words, phrases)} | ${at(times, 0.5).toFixed(0)} / ${at(times, 0.95).toFixed(0)} | ${at(sizes, 0.5).toFixed(0)} / ${at(sizes, 0.95).toFixed(0)} |`,
    );
  }
  console.log(`\n| reader | ${formats.join(" | ")} |\n| --- |${formats.map(() => " --- |").join("")}`);
  for (const [name, own] of results)
    console.log(
      `| ${name} | ${formats.map((format) => share(own.filter(({ task, isRight }) => task.format === format && isRight).length, own.filter(({ task }) => task.format === format).length)).join(" | ")} |`,
    );
  console.log("\nper format, median CPU ms of the files that every reader of the pair reads");
  const ours = results.get("Resolve")!;
  for (const [name, own] of results) {
    if (name === "Resolve") continue;
    for (const [format, group] of Map.groupBy(own, ({ task }) => task.format)) {
      const same = ours.filter(({ task }) => group.some((other) => other.task === task));
      console.log(
        `${name.padEnd(14)} ${format.padEnd(6)} ${median(group.map(({ read }) => read.cpuMs)).toFixed(0)} ms, ours ${median(same.map(({ read }) => read.cpuMs)).toFixed(0)} ms; ${group.length} files`,
      );
    }
  }
  for (const [name, own] of results)
    console.log(
      `\nnot right, ${name}: ${own
        .filter(({ isRight }) => !isRight)
        .map(({ task }) => task.name)
        .join(", ")}`,
    );
};
