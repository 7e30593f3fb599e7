import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A title such as `"N-1 N-9 two zones, three tiers"` tests the rows N-1 and N-9 of the blueprint. */
const title = /\(\s*"((?:[A-Z]+-\d+ )+)([^"\n]+)"/g;
/** The infrastructure tests at the end of a cell. A title may contain a semicolon. */
const infraTests = /(^|; )`stacks\/\S+\.test\.ts` › .*$/;

/** Adds the infrastructure tests to the rows of the blueprint that their titles name; other cells stay unchanged. */
export const withInfraTests = async (root: string, blueprint: string): Promise<string> => {
  const tests = new Map<string, string[]>();
  for (const file of (await readdir(join(root, "stacks"))).filter((name) => name.endsWith(".test.ts")).sort())
    for (const [, ids, promise] of (await readFile(join(root, "stacks", file), "utf8")).matchAll(title))
      for (const id of ids!.trim().split(" "))
        tests.set(id, [...(tests.get(id) ?? []), `\`stacks/${file}\` › ${promise}`]);
  return blueprint.replace(/^(\| ([A-Z]+-\d+) \| .* \| \w+ \| )(.*) \|$/gm, (_, head, id, where) => {
    const others = where.replace(infraTests, "");
    return `${head}${[others, ...(tests.get(id) ?? [])].filter(Boolean).join("; ")} |`;
  });
};
