#!/usr/bin/env node
import { ApiProblem } from "@resolve/sdk";
import { CommanderError, InvalidArgumentError } from "commander";
import { buildProgram } from "./program.ts";
import { UsageError } from "./prove/command.ts";
import { questions } from "./terminal.ts";

const { stdout } = process;
stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has closed the pipe, as `head` does.
  if (error.code === "EPIPE") process.exit();
  throw error;
});
/** Carriage return, and the escape sequence that clears the rest of the line. */
const progress = (line: string): unknown => stdout.isTTY && stdout.write(`\r\x1b[K${line}`);
/** The first position, each line with the rest of its row cleared, and everything below. */
const screen = (lines: string[]): unknown =>
  stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
const terminal = questions(process.stdin, stdout);

try {
  const print = (line: string) => console.log(line);
  await buildProgram({
    print,
    progress,
    screen: stdout.isTTY ? screen : undefined,
    ask: terminal.ask,
    exitWith: (code) => {
      process.exitCode = code;
    },
    env: process.env,
    cwd: process.cwd(),
  }).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  // Commander has printed its own messages, and help, already, but not the errors of a command's action.
  if (!(error instanceof CommanderError) || error instanceof InvalidArgumentError) explain(error as Error);
} finally {
  terminal.close();
}

/** 0 after help, 2 for wrong use, 1 for any other error. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageError ? 2 : 1;
}

function explain(error: Error): void {
  console.error(error.message);
  if (error instanceof ApiProblem) {
    console.error(error.problem.hint);
    if (error.problem.permission) console.error(`permission: ${error.problem.permission}`);
    for (const fault of error.problem.errors ?? []) console.error(`  ${fault.path} ${fault.message}`);
  }
  if (Object(error.cause).code === "ECONNREFUSED") console.error("Is Resolve running there?");
}
