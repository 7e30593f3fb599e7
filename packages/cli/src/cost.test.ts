import { expect, test } from "vitest";
import model from "./cost.gen.json" with { type: "json" };
import { buildProgram } from "./program.ts";

const run = async (...args: string[]): Promise<string[]> => {
  const lines: string[] = [];
  // No API is configured: the command needs none.
  await buildProgram({ print: (line) => lines.push(line), env: {}, cwd: "/" }).parseAsync([...args, "cost"], {
    from: "user",
  });
  return lines;
};

test("`resolve cost` prints each line of the blueprint beside three designs, and a tenant's cost by number and reservation", async () => {
  const lines = await run();
  for (const row of Array.from({ length: 15 }, (_, at) => `B-${at + 1}`))
    expect(
      lines.some((line) => line.startsWith(`${row} `)),
      row,
    ).toBe(true);
  expect(lines.find((line) => line.startsWith("B-14"))).toContain("2,170–3,370");
  expect(lines.find((line) => line.startsWith("ocr "))).toMatch(
    /^ocr +Amazon Textract +3\.00 +2,000 pages × 0\.0015 USD +https:/,
  );
  for (const { onDemand, reserved } of model.perTenant) {
    const usd = new RegExp(`${onDemand.toFixed(2)} +${reserved.toFixed(2)}`);
    expect(
      lines.some((line) => usd.test(line)),
      String(usd),
    ).toBe(true);
  }
});

test("`resolve cost --json` prints the whole model", async () => {
  expect(JSON.parse((await run("--json")).join("\n"))).toEqual(model);
});
