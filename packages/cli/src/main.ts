#!/usr/bin/env node
import { ApiProblem } from "@resolve/sdk";
import { buildProgram } from "./program.ts";

try {
  await buildProgram({ print: (line) => console.log(line), env: process.env, cwd: process.cwd() }).parseAsync();
} catch (error) {
  const { message, cause } = error as Error;
  console.error(error instanceof ApiProblem ? `${message}\n${error.problem.hint}` : message);
  if ((cause as { code?: string } | undefined)?.code === "ECONNREFUSED") console.error("Is Resolve running there?");
  process.exitCode = 1;
}
