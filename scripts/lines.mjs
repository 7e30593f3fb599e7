// Counts the lines of hand-written code per package, without tests, generated files and vendored data.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const isCode = (path) => /\.(ts|mjs|cjs|js|sql|sh|py|css|html)$/.test(path);
const isLeftOut = (path) =>
  /\.test\.ts$|\.gen\.ts$|(^|\/)(testing|faults)\/|^docs\/|^examples\/corpus\/|^packages\/acceptance\//.test(path);

/** Lines by package, such as `packages/core` or `stacks`. */
const countLines = () => {
  const tracked = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8", maxBuffer: 2 ** 26 }).split("\0");
  const counts = new Map();
  for (const path of tracked.filter((path) => isCode(path) && !isLeftOut(path) && existsSync(path))) {
    const [top, name] = path.split("/");
    const group = top === "packages" ? `${top}/${name}` : path.includes("/") ? top : "root";
    const lines = readFileSync(path, "utf8").split("\n").length - 1;
    counts.set(group, (counts.get(group) ?? 0) + lines);
  }
  return counts;
};

/** Prints the counts. Without git, for example in an unpacked archive, it prints nothing. */
export const printLines = () => {
  if (!existsSync(".git")) return;
  const counts = countLines();
  const total = [...counts.values()].reduce((sum, lines) => sum + lines, 0);
  console.log("Lines of hand-written code, without tests:");
  for (const [group, lines] of [...counts].sort()) console.log(`${String(lines).padStart(7)}  ${group}`);
  console.log(`${String(total).padStart(7)}  in all`);
};

if (import.meta.filename === process.argv[1]) printLines();
