import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../../shared/data/", import.meta.url));

/** Absolute path of a shared test file, or undefined (and a line that says so) where the folder is not present. */
export const sharedData = (path: string): string | undefined => {
  const full = `${directory}${path}`;
  if (existsSync(full)) return full;
  console.warn(`skipped: the shared test data (${path}) is not present`);
  return undefined;
};
