import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { accountVariants, type EvaluatedName, evaluate, variants } from "./evaluation.ts";
import { bundleAll } from "./harness.mjs";

declare module "vitest" {
  interface ProvidedContext {
    evaluations: string;
  }
}

/**
 * Evaluates every variant once, before the test files that read them. `STACKS_EVALUATIONS` names a directory with
 * existing evaluations.
 */
export default async function setup(project: TestProject) {
  const given = process.env["STACKS_EVALUATIONS"];
  if (given) {
    project.provide("evaluations", given);
    return;
  }
  const directory = await mkdtemp(join(tmpdir(), "resolve-stacks-"));
  project.provide("evaluations", directory);
  const startedAt = performance.now();
  await bundleAll();
  const names = Object.keys({ ...variants, ...accountVariants }) as EvaluatedName[];
  // A process evaluates its first stage three times slower than the others.
  const lanes = Math.min(availableParallelism(), 3);
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      evaluate(
        names.filter((_, at) => at % lanes === lane),
        directory,
      ),
    ),
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${Object.keys(variants).length} stages evaluated in ${seconds} s`);
  return () => rm(directory, { recursive: true });
}
