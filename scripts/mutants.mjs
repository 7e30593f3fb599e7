// What all kinds of mutants share: a copy of the sources in which one text is replaced by another, and the two lanes.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Copies the packages and `more`, with the root's node_modules shared: the packages' own contain links to each other. */
export const copySources = (directory, more = []) => {
  const isSource = (path) => ![".local", ".bundles", "model", "peers"].includes(basename(path));
  cpSync(join(root, "packages"), join(directory, "packages"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: isSource,
  });
  for (const path of ["node_modules", "packages/embedding/model"]) symlinkSync(join(root, path), join(directory, path));
  for (const name of ["package.json", "tsconfig.json", ...more])
    cpSync(join(root, name), join(directory, name), { recursive: true });
};

/** Calls `run` for each item and the number of its lane, in two lanes: the machine of CI has two cores. */
export const inLanes = async (items, run) => {
  const waiting = [...items];
  const lane = async (_, n) => {
    while (waiting.length > 0) await run(waiting.shift(), n);
  };
  await Promise.all(Array.from({ length: 2 }, lane));
};

/** Between the names of suites and of their test, where `-t` compares them. */
export const nameSeparator = " > ";

/** A pattern of vitest's `-t` for tests of these names. An argument of a process cannot have a null byte, as one of the names has. */
export const anyOf = (names) =>
  names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\0", ".")).join("|");

/** @throws Error with the message when the text is not there exactly once */
export const replaceOnce = (text, from, to, message) => {
  const [before, after, ...more] = text.split(from);
  if (after === undefined || more.length > 0) throw new Error(message);
  return `${before}${to}${after}`;
};

/** @throws Error when the text is not there exactly once: the mutant no longer applies */
export const mutate = (directory, { file, from, to }) => {
  const path = join(directory, file);
  const message = `${file} does not have "${from}" exactly once: correct the mutant`;
  writeFileSync(path, replaceOnce(readFileSync(path, "utf8"), from, to, message));
};
