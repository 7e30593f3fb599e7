/// <reference path="../.sst/platform/config.d.ts" />

type Bundled = { files?: Readonly<Record<string, string>> };

/**
 * Copies the extra files of each function or task into one directory (SST 4.17.1 zips single files twice) and returns
 * the directories, relative to the root. A `.ts` source is bundled: a worker thread, or a container's program.
 */
export const prepareFiles = async (specs: Record<string, Bundled>): Promise<Map<string, string>> => {
  const { cp, mkdir, rm, writeFile } = await import("node:fs/promises");
  const { dirname, relative } = await import("node:path");
  const { root, work } = $cli.paths;
  const directories = new Map<string, string>();
  for (const [name, { files }] of Object.entries(specs)) {
    if (!files) continue;
    const directory = `${work}/files/${name}`;
    await rm(directory, { recursive: true, force: true });
    for (const [to, from] of Object.entries(files)) {
      const source = `${root}/${from}`;
      const target = `${directory}/${to}`;
      await mkdir(dirname(target), { recursive: true });
      if (from.endsWith(".ts")) await writeFile(target, await bundleOf(source));
      else await cp(source, target, { recursive: true, dereference: true });
    }
    directories.set(name, relative(root, directory));
  }
  return directories;
};

/** Several functions use the same bundle. */
const bundled = new Map<string, Promise<Uint8Array>>();
const bundleOf = (source: string): Promise<Uint8Array> => {
  const made = bundled.get(source) ?? bundle(source);
  bundled.set(source, made);
  return made;
};

const bundle = async (source: string): Promise<Uint8Array> => {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({ ...workerBundle, entryPoints: [source], write: false });
  // One entry point gives one output file.
  return outputFiles[0]!.contents;
};

const workerBundle = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  logLevel: "error",
  // CommonJS libraries load Node's modules by `require`.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
} satisfies import("esbuild").BuildOptions;
