// Replaces esbuild in stacks/bundles.ts during evaluations: a bundle that one evaluation has built is reused by the
// others.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";

export const build = async (options) => {
  const { bundles } = globalThis.__sst;
  const file = join(bundles, `${createHash("sha256").update(JSON.stringify(options)).digest("hex")}.mjs`);
  if (!existsSync(file)) {
    const { outputFiles } = await esbuild.build(options);
    // Several evaluations run at the same time, so the file is renamed into place.
    const part = `${file}.${process.pid}`;
    mkdirSync(bundles, { recursive: true });
    writeFileSync(part, outputFiles[0].contents);
    renameSync(part, file);
  }
  return { outputFiles: [{ contents: readFileSync(file) }] };
};
