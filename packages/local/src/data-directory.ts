import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";

/** The runtime cannot start. The message is one sentence that tells the user what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

type Secrets = Record<
  "masterKey" | "pepper" | "issuerSecret" | "accessKeyId" | "secretAccessKey" | "cacheToken",
  string
>;

const freeBytesMin = 200 * 1024 ** 2;

/**
 * Locks the data directory for this process. The lock of a process that died expires after ten seconds. `onLost` is called
 * when the directory can no longer be written, or another process has taken it.
 */
export const lockDirectory = async (dataDir: string, onLost: (error: Error) => void): Promise<() => Promise<void>> => {
  try {
    mkdirSync(dataDir, { recursive: true });
    const { bavail, bsize } = statfsSync(dataDir);
    if (bavail * bsize < freeBytesMin)
      throw new StartError(
        `The disk of ${dataDir} has less than 200 MB left; free some space or choose another --data.`,
      );
    const unlock = await lock(dataDir, {
      stale: 10_000,
      update: 3_000,
      retries: { retries: 6, minTimeout: 2_000, maxTimeout: 2_000 },
      lockfilePath: join(dataDir, "lock"),
      onCompromised: onLost,
    });
    return unlock;
  } catch (error) {
    if (error instanceof StartError) throw error;
    // Errors of the lock and of the file system have a code.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOCKED")
      throw new StartError(
        `The data directory ${dataDir} is in use by another instance; stop it or choose another --data.`,
      );
    throw new StartError(`The data directory ${dataDir} cannot be written (${code}); choose another --data.`);
  }
};

export const loadSecrets = (dataDir: string): Secrets => {
  const file = join(dataDir, "secrets.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const secrets: Secrets = {
    masterKey: randomBytes(32).toString("base64"),
    pepper: randomBytes(32).toString("hex"),
    issuerSecret: randomBytes(32).toString("hex"),
    accessKeyId: `LOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString("hex"),
    cacheToken: randomBytes(24).toString("hex"),
  };
  writeAtomically(file, secrets);
  return secrets;
};

/** Writes a file that only the owner can read, by renaming a complete copy. */
export const writeAtomically = (file: string, value: unknown): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
