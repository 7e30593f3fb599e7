import { readFileSync } from "node:fs";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/**
 * The options of a program. `--help` prints the comment at the head of its file; an option that it does not have is one sentence,
 * with exit code 2.
 */
export const optionsOf = <T extends ParseArgsOptionsConfig>(file: string, options: T) => {
  const lines = readFileSync(file, "utf8").split("\n");
  const usage = lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("//")),
    )
    .map((line) => line.slice(3))
    .join("\n");
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // parseArgs throws a TypeError with a sentence.
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
};
