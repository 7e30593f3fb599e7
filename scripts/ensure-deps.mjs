// Installs the workspace with the pinned pnpm, once per lockfile. Plain Node 20 and npm suffice.
// `runtime` leaves out devDependencies (sst, compilers, test tools); a full install serves both.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const wanted = process.argv[2] === "runtime" ? "runtime" : "full";
const stampFile = join(root, "node_modules", ".resolve-install");
const { pnpm: pnpmVersion } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies;

const hash = createHash("sha256");
for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"])
  hash.update(readFileSync(join(root, file)));
const digest = hash.digest("hex");

const stamp = existsSync(stampFile) ? readFileSync(stampFile, "utf8").split(" ") : [];
const isCurrent = stamp[0] === digest && (stamp[1] === "full" || stamp[1] === wanted);
if (!isCurrent) {
  const startedAt = Date.now();
  console.log(`Installing dependencies (${wanted}) …`);
  const flags = [
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    "--reporter=append-only",
    "--config.confirmModulesPurge=false",
  ];
  if (wanted === "runtime") flags.push("--prod");
  const quiet = {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 << 20,
    shell: process.platform === "win32",
  };
  try {
    execFileSync("npx", ["--yes", `pnpm@${pnpmVersion}`, ...flags], quiet);
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ""}${error.stderr ?? ""}\n`);
    console.error("Installing the dependencies failed; the lines above say why.");
    process.exit(1);
  }
  writeFileSync(stampFile, `${digest} ${wanted}`);
  console.log(`Dependencies installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}
