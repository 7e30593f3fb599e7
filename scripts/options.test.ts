import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const run = (program: string, option: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, program), option], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

test.each(["infra-plan.ts", "preflight.mjs", "rehearse.ts"])(
  "%s explains itself with --help, and an option that it does not have is one sentence",
  (program) => {
    expect(run(program, "--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("npm run") });
    const { status, stdout, stderr } = run(program, "--nonsense");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Unknown option '--nonsense'/);
    expect(stderr).not.toContain("    at ");
  },
);
