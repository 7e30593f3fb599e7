#!/usr/bin/env node
import { ApiProblem } from "@resolve/sdk";
import { buildProgram } from "./program.ts";
import { UsageError } from "./prove/command.ts";

const { stdout } = process;
/** Carriage return, and what clears the line behind it. */
const progress = (line: string): unknown => stdout.isTTY && stdout.write(`\r\x1b[K${line}`);

try {
  const print = (line: string) => console.log(line);
  const program = buildProgram({ print, progress, env: process.env, cwd: process.cwd() });
  await program.parseAsync();
} catch (error) {
  const { message, cause } = error as Error;
  console.error(message);
  if (error instanceof ApiProblem) {
    console.error(error.problem.hint);
    for (const fault of error.problem.errors ?? []) console.error(`  ${fault.path} ${fault.message}`);
  }
  if ((cause as { code?: string } | undefined)?.code === "ECONNREFUSED") console.error("Is Resolve running there?");
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
