import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { checks } from "./checks/index.ts";
import { isProven, pageLines } from "./page.ts";
import { type Signed, signPage, verifyPage, writePage } from "./proof.ts";
import { prove, type Target } from "./run.ts";

/** Wrong use of the command: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Tools = {
  print(line: string): void;
  progress(line: string): void;
  env: Record<string, string | undefined>;
  cwd: string;
};
type Options = { api?: string; apiUrl?: string; key?: string; local?: boolean; only?: string; out?: string };

/** `resolve prove` and `resolve prove verify`. */
export const addProveCommand = (program: Command, { print, progress, env, cwd }: Tools): void => {
  const apiOf = ({ api, apiUrl }: Options): string => {
    const url = api ?? apiUrl ?? env["RESOLVE_API_URL"];
    if (!url || !/^https?:\/\/.+\/api\/?$/.test(url))
      throw new UsageError("Name the system: --api with a URL that ends in /api, or --local.");
    return url.replace(/\/$/, "");
  };
  const targetOf = (options: Options): Target => {
    if (options.local && options.api) throw new UsageError("Use either --api or --local.");
    if (options.local) return "local";
    const apiUrl = apiOf(options);
    const operatorKey = options.key ?? env["RESOLVE_API_KEY"];
    if (!operatorKey) throw new UsageError("Set the operator's key with --key or RESOLVE_API_KEY.");
    return { apiUrl, operatorKey };
  };

  const command = program
    .command("prove")
    .description("check the product's promises against a running system, from outside")
    .option("--api <url>", "the system to check; ends in /api")
    .option("--local", "start a system on this machine for the proof, and kill it in the middle of its work")
    .option("--only <names>", `some checks only: ${checks.map(({ name }) => name).join(",")}`)
    .option("--out <directory>", "directory of the page (default: prove- and the time)")
    .action(async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const target = targetOf(options);
      const chosen = chosenChecks(options.only, target);
      const out = resolve(cwd, options.out ?? `prove-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}`);
      const ending = new AbortController();
      const end = () => ending.abort(new Error("interrupted"));
      process.once("SIGINT", end).once("SIGTERM", end);
      try {
        const proven = await prove(target, chosen, {
          signal: ending.signal,
          progress,
          finish: async (report, operatorKey) => {
            for (const line of pageLines(report)) print(line);
            // Remove the signature of an earlier page, which does not match this one.
            await rm(resolve(out, "prove.jws"), { force: true });
            await writePage(out, report);
            const signed = await signPage(out, report.apiUrl, operatorKey).catch((error: Error) => error);
            print(`Written to ${out}: prove.md, prove.json${signed instanceof Error ? "" : ", prove.jws"}.`);
            print(signed instanceof Error ? `Not signed: ${signed.message}` : signedLine(signed));
            return isProven(report) && !(signed instanceof Error);
          },
        });
        if (!proven) throw new Error("Not proven.");
      } finally {
        process.off("SIGINT", end).off("SIGTERM", end);
      }
    });

  command
    .command("verify")
    .description("check that a page is the one that a system signed")
    .argument("<directory>")
    .action(async (directory: string, _: unknown, self: Command) => {
      print(signedLine(await verifyPage(resolve(cwd, directory), apiOf(self.optsWithGlobals<Options>()))));
    });
};

const signedLine = ({ by, system, at }: Signed): string =>
  `Signed on ${at.toISOString().slice(0, 19).replace("T", " ")} UTC by ${system}, asked by ${by}; the signature is valid and the files are unchanged.`;

const chosenChecks = (only: string | undefined, target: Target) => {
  const possible = checks.filter(({ isLocalOnly }) => target === "local" || !isLocalOnly);
  if (only === undefined) return possible;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !possible.some((check) => check.name === name));
  if (unknown !== undefined)
    throw new UsageError(
      checks.some(({ name }) => name === unknown)
        ? `The check ${unknown} kills the system, so it needs --local.`
        : `There is no check "${unknown}"; the checks are ${possible.map(({ name }) => name).join(", ")}.`,
    );
  return possible.filter(({ name }) => names.includes(name));
};
