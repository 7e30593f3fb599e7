import { execFileSync } from "node:child_process";

/**
 * Whether a program that some tests need can be run. Where it cannot, a line says what is skipped for it; where RESOLVE_REQUIRE_TOOLS
 * is set, as .ci/run does after it installed them, an error, so that no test is skipped.
 * @param skipped What is left out, and the Debian package that would bring it.
 */
export const isInstalled = (command: string, args: string[], skipped: string): boolean => {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch (error) {
    if (process.env["RESOLVE_REQUIRE_TOOLS"]) throw error;
    console.warn(`skipped: ${skipped}`);
    return false;
  }
};
