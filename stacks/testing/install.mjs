// Installs SST's component sources and the pinned providers into .sst/platform, once per version. It needs npm only.
// RESOLVE_SST_CHECKOUT names a directory whose installation may be copied instead.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const stampFile = join(root, ".sst", "resolve-install");
const config = readFileSync(join(root, "sst.config.ts"), "utf8");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "node_modules", "sst", "package.json")))
  // `app()` names the providers; what `run()` creates needs no other installation.
  .update(config.slice(0, config.indexOf("async run()")))
  .digest("hex");

/** Another checkout whose installation is copied when it is the same one. */
const other = process.env.RESOLVE_SST_CHECKOUT;
const stampOf = (directory) => {
  const file = join(directory, ".sst", "resolve-install");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
};

if (other && stampOf(root) !== wanted && stampOf(other) === wanted)
  // What `sst install` and this program write; evaluations write other files there.
  for (const name of ["platform", "provider-lock.json", "resolve-install"])
    cpSync(join(other, ".sst", name), join(root, ".sst", name), { recursive: true, verbatimSymlinks: true });
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== wanted) {
  const startedAt = Date.now();
  const env = {
    ...process.env,
    // An evaluation needs no Pulumi engine, no bun and no account.
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_NO_BUN: "1",
    NO_BUN: "1",
    SST_STAGE: "evaluation",
    SST_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  try {
    execFileSync(join(root, "node_modules", ".bin", "sst"), ["install"], { cwd: root, env, stdio: "pipe" });
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ""}${error.stderr ?? ""}\n`);
    console.error("`sst install` failed; the lines above say why.");
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
  console.log(`SST platform installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}
