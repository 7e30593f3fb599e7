import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type FunctionSpec, functions } from "@resolve/functions/topology";

/**
 * The functions and the programs of their threads as a deployment bundles them, with the files of the topology beside them. A
 * thread loads them in a third to a half of the time that the sources take (docs/local.md).
 */
const root = fileURLToPath(new URL("../../../", import.meta.url));
/** A process marks the bundle that it uses as often as this; one without a mark for `keptMs` is deleted by the next build. */
const markMs = 10 * 60 * 1000;
const keptMs = 12 * markMs;

type Current = {
  directory: string;
  /** Size and time of change of each source. */
  inputs: Record<string, string>;
};

/** Bundles the functions into `cache`, unless no source has changed since the last time. Resolves with the URL of the directory. */
export const bundleFunctions = async (cache = join(root, "packages/local/.bundles")): Promise<URL> => {
  const path = (await known(cache)) ?? (await build(cache));
  await mark(path);
  setInterval(() => void mark(path).catch(() => {}), markMs).unref();
  return pathToFileURL(`${path}/`);
};

const mark = (path: string): Promise<void> => utimes(path, new Date(), new Date());

const known = async (cache: string): Promise<string | undefined> => {
  const text = await readFile(join(cache, "current.json"), "utf8").catch(() => "");
  // A machine that loses power may leave the file empty.
  if (text === "") return undefined;
  const { directory, inputs }: Current = JSON.parse(text);
  const path = join(cache, directory);
  if (!existsSync(path)) return undefined;
  const states = await statesOf(Object.keys(inputs));
  if (Object.entries(inputs).some(([file, state]) => state === "none" || states[file] !== state)) return undefined;
  return path;
};

/** One that was changed later than `until` has none. */
const statesOf = async (files: string[], until = Number.POSITIVE_INFINITY): Promise<Record<string, string>> => {
  const states = files.map(async (file) => {
    const found = await stat(join(root, file)).catch(() => undefined);
    return [file, found && found.mtimeMs < until ? `${found.size} ${found.mtimeMs}` : "none"];
  });
  return Object.fromEntries(await Promise.all(states));
};

const build = async (cache: string): Promise<string> => {
  const { build: bundle, stop } = await import("esbuild");
  const startedAt = Date.now();
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, "bundle-"));
  const specs: FunctionSpec[] = Object.values(functions);
  const files = Object.entries(Object.assign({}, ...specs.map(({ files }) => files)) as Record<string, string>);
  const handlers = specs.map(({ handler }) => handler.replace(/\.\w+$/, ".ts"));
  const own = ["background", "lambda-main", "task"].map((name) => `packages/local/src/${name}.ts`);
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([
      ...[...handlers, ...own].map((source) => [basename(source, ".ts"), source]),
      ...files.filter(([, source]) => source.endsWith(".ts")).map(([name, source]) => [basename(name, ".mjs"), source]),
    ]),
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // Functions that run in one thread share connections and caches, as their sources would.
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    // Links in AWS. It is not installed where only the runtime is.
    external: ["sst"],
    sourcemap: true,
    sourcesContent: false,
    logLevel: "error",
    metafile: true,
    // CommonJS libraries load Node's modules by `require`.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
  // Its process would stay, with 400 to 700 MB of memory, as long as this one.
  await stop();
  for (const [name, source] of files.filter(([, source]) => !source.endsWith(".ts"))) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await symlink(join(root, source), join(directory, name));
  }
  const made: Current = {
    directory: basename(directory),
    inputs: await statesOf(Object.keys(metafile.inputs), startedAt),
  };
  const unfinished = join(directory, "current.json");
  await writeFile(unfinished, JSON.stringify(made));
  await rename(unfinished, join(cache, "current.json"));
  await removeOld(cache);
  return directory;
};

const removeOld = async (cache: string): Promise<void> => {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
  }
};
