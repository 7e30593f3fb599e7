import { spawn } from "node:child_process";

const minutes = (ms) => `${(ms / 60_000).toFixed(2)} min`;

/** Runs a command with the workspace's binaries, prints and logs its output, and resolves with it. */
export const run = (title, command, args, { log, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const startedAt = Date.now();
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "inherit"],
      ...options,
      env: { ...process.env, ...options.env },
    });
    let output = "";
    child.stdout.on("data", (part) => {
      output += part;
      process.stdout.write(part);
      log?.write(part);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      console.log(`${title}: ${minutes(Date.now() - startedAt)}${code === 0 ? "" : `, failed with ${code}`}`);
      resolve({ code, output });
    });
  });

// biome-ignore lint/suspicious/noControlCharactersInRegex: removes colours.
const plain = (output) => output.replace(/\u001b\[[0-9;]*m/g, "");

/** Reads the number of passed and failed tests from vitest's output. */
export const countTests = (output) => {
  const line = plain(output).match(/^\s*Tests\s+.*$/m)?.[0] ?? "";
  return { passed: Number(line.match(/(\d+) passed/)?.[1] ?? 0), failed: Number(line.match(/(\d+) failed/)?.[1] ?? 0) };
};

/** The lines of vitest's output that name failed files and tests: a log may be cut to its end. */
export const failuresOf = (output) => plain(output).match(/^ +(❯ .*failed\)|× ).*$/gm) ?? [];
