// Small faults that a programmer could make: in state changes, in conditions on the tenant, and in SQL.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
const sources = "packages/core/src";
const functions = "packages/core/migrations/functions";

/** @typedef {{ kind: "state" | "tenant" | "sql", file: string, start: number, end: number, from: string, to: string }} Mutation */

export const sourceFiles = () =>
  readdirSync(join(root, sources), { recursive: true })
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|\.sql\.ts$|(^|\/)(testing|services)\/|telemetry/.test(file))
    .map((file) => `${sources}/${file}`)
    .sort();
export const sqlFiles = () =>
  readdirSync(join(root, functions))
    .map((file) => `${functions}/${file}`)
    .sort();

/** Every mutation of the sources, in their order. @returns {Mutation[]} */
export const allMutations = () => [...sourceFiles().flatMap(ofTypeScript), ...sqlFiles().flatMap(ofSqlFile)];

const read = (file) => readFileSync(join(root, file), "utf8");

const ofTypeScript = (file) => {
  const text = read(file);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (kind, node, to) => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    found.push({ kind, file, start, end, from: text.slice(start, end), to });
  };
  const imports = (name) => new RegExp(`^import [^"]*\\b${name}\\b[^"]* from`, "m").test(text);
  const visit = (node) => {
    if (ts.isExpressionStatement(node) && isEffect(node.expression)) add("state", node, ";");
    if (ts.isIfStatement(node) && !node.elseStatement && isExit(node.thenStatement)) add("state", node, ";");
    // The property stays, so that the type of the object does not change.
    if (ts.isPropertyAssignment(node) && isInMove(node)) add("state", node.initializer, "undefined as never");
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText(source);
      if (operator in opposites) add("state", node.operatorToken, opposites[operator]);
    }
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText(source);
      const args = node.arguments;
      if (name === "ofTenant") add("tenant", node, imports("sql") ? "sql`true`" : "undefined");
      if (name === "ownedBy" && imports("eq"))
        add("tenant", node, `eq(${args[1].getText(source)}.id, ${args[2].getText(source)})`);
      if (name === "and" && args.length > 1)
        for (const one of args)
          add(/ofTenant|ownedBy|tenant/i.test(one.getText(source)) ? "tenant" : "sql", one, "undefined");
      if (name in comparisons && imports(comparisons[name])) add("sql", node.expression, comparisons[name]);
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(source).startsWith("sql"))
      found.push(...inSql(file, text, node.template.getStart(source), node.template.getEnd()));
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A template inside a template is visited twice.
  return [...new Map(found.map((one) => [`${one.start} ${one.to}`, one])).values()];
};

const opposites = { "===": "!==", "!==": "===", "<": "<=", ">": ">=", "<=": "<", ">=": ">", "&&": "||", "||": "&&" };
/** Drizzle's, when the file imports both. */
const comparisons = { isNull: "isNotNull", isNotNull: "isNull" };

const isEffect = (expression) => {
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return (
    ts.isCallExpression(call) && !/^(logger|console|clearTimeout|clearInterval|push)/.test(call.expression.getText())
  );
};
const isExit = (statement) =>
  ts.isReturnStatement(statement) || ts.isThrowStatement(statement) || ts.isContinueStatement(statement);
/** A column or the expected version of a change of state. */
const isInMove = (node) => {
  const call = node.parent.parent;
  return ts.isCallExpression(call) && /^(move|machine\.move|.*\.set)$/.test(call.expression.getText());
};

const ofSqlFile = (file) => {
  const text = read(file).replace(/--.*$/gm, (comment) => " ".repeat(comment.length));
  const start = text.search(/\bas \$\$|\breturn\b/);
  return start < 0 ? [] : inSql(file, text, start, text.length);
};

/** One operand of a condition: a column, a parameter, a literal or a call. */
const operand = String.raw`(?:\$\{[^{}\`]*\}|[a-z_][\w.]*(?:\([^()]*\))?|'[^']*'|\d+)`;
const spots = [
  [
    new RegExp(String.raw`\b${operand} (?:=|<>|<=|>=|<|>) ${operand}(?![\w.(])`, "g"),
    (found) => (/[?:]=/.test(found) ? undefined : "true"),
  ],
  [/\bis not null\b/g, () => "is null"],
  [/\bis null\b/g, () => "is not null"],
  [/\bnot exists\b/g, () => "exists"],
  [/ for update(?: skip locked)?/g, () => ""],
  [
    /'(?:queued|processing|ready|failed|deleting|waiting|sent|pending|held|enabled|running)'/g,
    (found) => (found === "'queued'" ? "'ready'" : "'queued'"),
  ],
  [/\+ 1\b/g, () => "+ 0"],
];

const inSql = (file, text, start, end) =>
  spots.flatMap(([pattern, replace]) =>
    [...text.slice(start, end).matchAll(pattern)].flatMap(({ 0: from, index }) => {
      const to = replace(from);
      // In a list of changes, `true` would be no assignment.
      if (to === undefined || (to === "true" && /\b(set|,)\s*$/.test(text.slice(start, start + index)))) return [];
      const kind = to === "true" && /tenant/i.test(from) ? "tenant" : "sql";
      return [{ kind, file, start: start + index, end: start + index + from.length, from, to }];
    }),
  );
