import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../../shared/data/", import.meta.url));

/**
 * Absolute path of a shared test file. Where it is absent, undefined and a line that says which tests are skipped for it;
 * where RESOLVE_REQUIRE_SHARED_DATA is set, as .ci/run does when the folder exists, an error, so that no test is skipped.
 */
export const sharedData = (path: string): string | undefined => {
  const full = `${directory}${path}`;
  if (existsSync(full)) return full;
  if (process.env["RESOLVE_REQUIRE_SHARED_DATA"]) throw new Error(`the shared test file ${full} is missing`);
  console.warn(`skipped: the tests that need the shared test file ${path}, which is not present`);
  return undefined;
};
