import { type AuditHead, everyItem, type Schemas, unwrap, verifyAudit } from "@resolve/sdk";
import { type Command, InvalidArgumentError } from "commander";
import type { JobTools } from "./jobs.ts";
import { pageAfter, showFirst } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show"> & { positive(text: string): number };
type Filter = { actor?: string; actions?: string; subject?: string; from?: string; to?: string };
type Options = Filter & { limit: number; verify?: true; noted?: AuditHead };

/** `resolve audit`: who did what, and whether anybody has changed the record of it. */
export const addAuditCommand = (program: Command, { client, show, positive }: Tools): void => {
  program
    .command("audit")
    .description("the tenant's audit log, newest first")
    .option("--actor <actor>", "user:usr_…, apiKey:key_… or system: and a name")
    .option("--actions <actions>", "only these actions, separated by commas")
    .option("--subject <subject>", "the id or the name of the object")
    .option("--from <time>", "such as 2026-12-01T00:00:00Z")
    .option("--to <time>", "before this time (default of --verify: a minute ago)")
    .option("--limit <number>", "the largest number of entries", positive, 100)
    .option("--verify", "read the whole log, compute its hashes again, and print its last entry to note")
    .option("--noted <sequence:hash>", "with --verify: the last entry of an earlier verification", head)
    .action(async ({ limit, verify, noted, ...filter }: Options) => {
      const api = client();
      const read = (query: Filter & ReturnType<typeof pageAfter>) =>
        unwrap(api.GET("/api/v1/audit", { params: { query } }));
      if (!verify)
        return showFirst(
          limit,
          (page) => read({ ...page, ...filter }),
          (entry) => show(entry, (one) => [entryLine(one)]),
        );
      const { to = new Date(Date.now() - settledMs).toISOString(), ...others } = filter;
      if (Object.keys(others).length > 0) throw new InvalidArgumentError("--verify has no filter, except --to.");
      const entries = everyItem((cursor) => read({ ...pageAfter(cursor), to }));
      const report = await verifyAudit(entries, noted);
      show(report, reportLines);
      if (report.faults.length > 0) throw new Error("The audit log is not as it was recorded.");
    });
};

/** Longer than any transaction takes: one that commits later could have an id among those that were read. */
const settledMs = 60_000;

const head = (text: string): AuditHead => {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!hash) throw new InvalidArgumentError("must be a sequence, a colon and a hash, as --verify prints them.");
  return { sequence: Number(sequence), hash };
};

const entryLine = ({ createdAt, actor, action, subject, detail }: Schemas["AuditEntry"]): string =>
  `${createdAt}  ${actor.padEnd(37)}  ${action.padEnd(20)}  ${subject}  ${JSON.stringify(detail)}`;

const reportLines = ({ entries, first, last, faults }: Awaited<ReturnType<typeof verifyAudit>>): string[] => [
  ...faults.slice(0, faultsMax),
  ...(faults.length > faultsMax ? [`and ${faults.length - faultsMax} more`] : []),
  `${entries} entries${first && last ? `, ${first.sequence} to ${last.sequence}` : ""}: ${faults.length === 0 ? "valid" : `${faults.length} faults`}`,
  ...(last ? [`note the last entry: ${last.sequence}:${last.hash}`] : []),
];
const faultsMax = 20;
