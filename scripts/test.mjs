// `npm test`: the check, then the suites on the embedded doubles, without those of the project `services`, which take half an hour
// there. Arguments are vitest's, such as a path or `--project services`. The last line has the number of tests.
import { printLines } from "./lines.mjs";
import { countTests, failuresOf, run } from "./run.mjs";

const check = await run("check", process.execPath, ["scripts/check.mjs"]);
const asked = process.argv.slice(2);
const args = ["run", ...(asked.length > 0 ? asked : ["--project", "!services"])];
const suites = await run("suites on embedded doubles", "vitest", args);
const { passed, failed } = countTests(suites.output);
const broken = (check.code === 0 ? 0 : 1) + (suites.code !== 0 && failed === 0 ? 1 : 0);
printLines();
for (const line of failuresOf(suites.output)) console.log(line);
console.log(`${passed} passed, ${failed + broken} failed`);
process.exit(check.code === 0 && suites.code === 0 ? 0 : 1);
