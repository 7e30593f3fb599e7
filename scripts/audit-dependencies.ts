// Asks the package registry for known vulnerabilities of the product's dependencies, as pnpm-lock.yaml has them.
//   node scripts/audit-dependencies.ts [--accepted FILE]
// Fails when there is a high or critical one that scripts/accepted-advisories.json does not accept (docs/dependencies.md), and when
// the registry cannot be asked.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optionsOf } from "./options.ts";

type Advisory = {
  severity: string;
  module_name: string;
  title: string;
  patched_versions: string;
  github_advisory_id: string;
  url: string;
};
type Accepted = { id: string; package: string; reason: string; until: string };

const root = join(import.meta.dirname, "..");
const { accepted: file = join(root, "scripts/accepted-advisories.json") } = optionsOf(import.meta.filename, {
  accepted: { type: "string" },
});
/** Each acceptance is reviewed twice a year at least. */
const daysMax = 183;
const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What is missing in an entry of the file. */
const faultOf = ({ id, package: name, reason, until }: Partial<Accepted>): string | undefined => {
  if (!/^GHSA(-[0-9a-z]{4}){3}$/.test(id ?? ""))
    return "`id` must be an advisory of GitHub, such as GHSA-abcd-1234-wxyz";
  if (!name) return "`package` is missing";
  if (!reason || reason.length < 20) return "`reason` must say why the vulnerability does no harm here";
  if (!/^\d{4}-\d\d-\d\d$/.test(until ?? "") || until! > dayIn(daysMax))
    return `\`until\` must be a day, ${dayIn(daysMax)} at the latest`;
  return undefined;
};

const accepted = JSON.parse(readFileSync(file, "utf8")) as Accepted[];
for (const one of accepted) {
  const fault = faultOf(one);
  if (!fault) continue;
  console.error(`${file}: ${one.id}: ${fault}`);
  process.exit(2);
}
const isCurrent = ({ until }: Accepted): boolean => until >= dayIn(0);
for (const { id, package: name, until, reason } of accepted.filter(isCurrent))
  console.log(`${id} (${name}) is accepted until ${until}: ${reason}`);
for (const { id, package: name, until } of accepted.filter((one) => !isCurrent(one)))
  console.log(`${id} (${name}) was accepted until ${until}, which is over.`);

// `pnpm audit --ignore` would write the advisory into pnpm-workspace.yaml, where it has no end.
const { stdout } = spawnSync("pnpm", ["audit", "--prod", "--json"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 << 20,
  stdio: ["ignore", "pipe", "inherit"],
});
if (!stdout) {
  console.error("Nothing was checked: the registry gave no audit (above).");
  process.exit(2);
}
const { advisories } = JSON.parse(stdout) as { advisories: Record<string, Advisory> };
const ids = accepted.filter(isCurrent).map(({ id }) => id);
const found = Object.values(advisories).filter(
  ({ severity, github_advisory_id: id }) => ["high", "critical"].includes(severity) && !ids.includes(id),
);
for (const { severity, module_name: name, title, patched_versions: fixed, url } of found)
  console.error(`${severity}: ${name}: ${title} (fixed in ${fixed}) ${url}`);
console.log(`${found.length} high or critical vulnerabilities that are not accepted`);
process.exitCode = found.length > 0 ? 1 : 0;
