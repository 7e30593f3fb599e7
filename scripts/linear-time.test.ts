import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

/** Sources that read documents, queries or requests. */
const packages = ["core", "embedding", "extraction", "functions", "jobs"];
const root = join(import.meta.dirname, "../packages");

/** A text that is not found in this time of the thread is measured again with twice the characters. */
const suspectMs = 8;
const [chars, more] = [6_000, 12_000];
/** Twice the text may take this many times the time: 2 for linear time, 4 for quadratic time. */
const growthMax = 3;

/** Regular expressions that take longer, or nearly, and why no long text reaches them. */
const bounded: Record<string, string> = {
  "core/src/identity/tenant.ts /^-+|-+$/g": "a tenant's name has at most 200 characters",
  "core/src/identity/tenant.ts /-+$/": "the start of a tenant's name",
  "extraction/src/formats/html/style.ts /\\s*([>+~])\\s*/g": "a selector of at most 1,000 characters",
  "extraction/src/formats/html/style.ts /\\[[^\\]]*\\]|:[\\w-]+(\\([^)]*\\))?/g":
    "a selector of at most 1,000 characters",
  "extraction/src/formats/numbers/list-number.ts /[a-z]+$/": "the words of one number",
};

/** Expressions that are built at run time, by file: the functions that use them have their own tests of long texts. */
const built: Record<string, string> = {
  "core/src/documents/index/fold.ts": "fold.test.ts",
  "core/src/documents/index/tokens.ts": "chunk.test.ts",
  "core/src/documents/index/words.ts": "chunk.test.ts and search-words.test.ts",
  "core/src/search/answers/asked.ts": "words of the question, with at most three characters between them",
  "core/src/search/answers/vocabulary.ts": "words of the question, without repetition",
  "core/src/search/query.ts": "query.test.ts",
  "core/src/search/write.ts": "each word of a sentence of the answer's source once, without repetition",
  "extraction/src/formats/csv/dialect.ts": "linear.test.ts",
  "extraction/src/formats/epub/index.ts": "a tag ends at the next < or >",
  "extraction/src/formats/html/tree.ts": "linear.test.ts",
  "extraction/src/formats/mail/labels.ts": "linear.test.ts",
  "functions/src/api/index.ts": "paths of requests, which API Gateway limits to 10 KB",
};

type Found = { file: string; literal: string };
const files = packages.flatMap((name) =>
  readdirSync(join(root, name, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|(^|\/)testing\//.test(file))
    .map((file) => `${name}/src/${file}`),
);
const literals: Found[] = [];
const constructors = new Set<string>();
for (const file of files) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push({ file, literal: node.text });
    if (ts.isNewExpression(node) && node.expression.getText(source) === "RegExp") constructors.add(file);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

const compiled = (literal: string): RegExp => {
  const end = literal.lastIndexOf("/");
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
};

const usual = ["a", "0", " ", "\n", "\t", "-", ".", "é", "東", "\u0301"];

/** Long texts for an expression: runs of one character, alternating characters, and both after and before something else. */
const textsFor = (literal: string): ((length: number) => string)[] => {
  const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", s: " ", d: "0", w: "a" };
  const own = [...literal.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter)].filter(
    (one) => one !== "/",
  );
  const units = [...new Set([...own.slice(0, 40), ...usual])];
  const pairs = own.slice(0, 8).flatMap((one, at) => [one + (own[at + 1] ?? "a"), `${one}a`, `${one} `, `a${one}`]);
  // The first words of the expression, repeated: they begin to match at every position.
  const begun = own.join("").match(/[a-z<&=]{2,}/gi) ?? [];
  return [...units, ...pairs, ...begun.slice(0, 8)].flatMap((unit) => [
    (length: number) => `${unit.repeat(Math.ceil(length / unit.length))}\u0000`,
    (length: number) => `${own[0] ?? ""}${unit.repeat(Math.ceil(length / unit.length))}\u0000`,
  ]);
};

const cpuMs = (work: () => void): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

/** The growth of the time for a text when its length doubles; 1 when it takes next to no time. */
const growthOf = (regex: RegExp, text: (length: number) => string): number => {
  const timeFor = (length: number) => {
    const own = text(length);
    return cpuMs(() => void own.replace(regex, "").search(regex));
  };
  // Exponential time shows in a short text, before it takes for ever.
  if (timeFor(24) > suspectMs) return Number.POSITIVE_INFINITY;
  if (timeFor(1_000) > 4 * suspectMs) return Number.POSITIVE_INFINITY;
  const first = timeFor(chars);
  return first < suspectMs ? 1 : Math.min(timeFor(more), timeFor(more)) / Math.min(first, timeFor(chars));
};

const isSlow = (literal: string): boolean => {
  const regex = compiled(literal);
  return textsFor(literal).some((text) => growthOf(regex, text) > growthMax);
};
const named = ({ file, literal }: Found): string => `${file} ${literal}`;

test("every regular expression takes linear time for runs, alternating characters and text without separators", () => {
  expect(literals.length).toBeGreaterThan(150);
  const slow = literals.filter(
    // Measured again before it is said, since other work on the machine takes time as well.
    (one) => !Object.hasOwn(bounded, named(one)) && isSlow(one.literal) && isSlow(one.literal),
  );
  expect(slow.map(named)).toEqual([]);
  const names = new Set(literals.map(named));
  expect(Object.keys(bounded).filter((one) => !names.has(one))).toEqual([]);
}, 300_000);

test("a quadratic and an exponential expression are found", () => {
  for (const regex of [/a+b/, /\s+$/, /^(a+)+$/]) expect(isSlow(String(regex)), String(regex)).toBe(true);
  expect(isSlow("/[a-z]+(?![a-z])/")).toBe(false);
}, 300_000);

test("every expression that is built at run time is tested with the function that uses it", () => {
  expect([...constructors].filter((file) => !Object.hasOwn(built, file))).toEqual([]);
  expect(Object.keys(built).filter((file) => !constructors.has(file))).toEqual([]);
});
