import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { evaluate, variants } from "./evaluation.ts";

declare module "vitest" {
  interface ProvidedContext {
    evaluations: string;
  }
}

/**
 * Evaluates every stage once, before the test files that read them. `STACKS_EVALUATIONS` names a directory that holds them
 * already.
 */
export default async function setup(project: TestProject) {
  const given = process.env["STACKS_EVALUATIONS"];
  if (given) {
    project.provide("evaluations", given);
    return;
  }
  const directory = await mkdtemp(join(tmpdir(), "resolve-stacks-"));
  project.provide("evaluations", directory);
  // One after the other: they bundle into the same place.
  for (const [name, variant] of Object.entries(variants)) await evaluate(variant, join(directory, `${name}.json`));
  return () => rm(directory, { recursive: true });
}
