/// <reference path="../.sst/platform/config.d.ts" />

type Bundled = { files?: Readonly<Record<string, string>> };

/**
 * Puts what each one needs beside its bundle into one directory (SST 4.17.1 zips single files twice) and says where,
 * from the root. A `.ts` source becomes a bundle of its own: a worker thread, or a container's program.
 */
export const prepareFiles = async (specs: Record<string, Bundled>): Promise<Map<string, string>> => {
  const { build } = await import("esbuild");
  const { cp, rm } = await import("node:fs/promises");
  const directories = new Map<string, string>();
  for (const [name, { files }] of Object.entries(specs)) {
    if (!files) continue;
    const directory = `.sst/files/${name}`;
    await rm(`${$cli.paths.root}/${directory}`, { recursive: true, force: true });
    for (const [to, from] of Object.entries(files)) {
      const source = `${$cli.paths.root}/${from}`;
      const target = `${$cli.paths.root}/${directory}/${to}`;
      if (from.endsWith(".ts")) await build({ ...workerBundle, entryPoints: [source], outfile: target });
      else await cp(source, target, { recursive: true, dereference: true });
    }
    directories.set(name, directory);
  }
  return directories;
};

const workerBundle = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  logLevel: "error",
  // What officeparser would read PDF and pictures with; neither is installed.
  external: ["pdfjs-dist", "pdfjs-dist/*", "tesseract.js"],
  // Libraries written as CommonJS ask for Node's modules by `require`.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
} satisfies import("esbuild").BuildOptions;
