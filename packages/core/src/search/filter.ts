import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { idSchema } from "../platform/id.ts";
import { momentText } from "../platform/moment.ts";
import { Problem, pointer } from "../platform/problems.ts";

const depthMax = 6;
const conditionsMax = 50;
/** Operands of all conditions together. */
const operandsMax = 200;
const textMax = 1_000;

type Path = readonly (string | number)[];
type Scalar = string | number | boolean | null;
type Operator = (path: Path, operand: unknown) => SQL;
/** The operators of a field. */
type Field = Record<string, Operator> & { $eq: Operator };

/**
 * Compiles a filter to a condition on `d`, a row of app.documents; every value is a parameter. `createdAt`, `contentType`,
 * `collectionId` and `name` are columns of the document. Any other name is a key of the metadata, with dots for nested keys;
 * `metadata.name` is the metadata key `name`. A condition on an array is true when it is true for one of its elements. A
 * missing key equals null only.
 *
 * @throws Problem `invalid-request` with the path of the invalid part.
 */
export const compileFilter = (filter: unknown): SQL => {
  let conditions = 0;
  if (operandsOf(filter) > operandsMax) refuse([], `must not have more than ${operandsMax} operands in all`);
  const all = (value: unknown, path: Path, depth: number): SQL => {
    if (depth > depthMax) refuse(path, `must not be nested deeper than ${depthMax}`);
    assertRecord(path, value);
    // An empty nested object would match every document, and so would a `$or` that contains it.
    if (path.length > 0 && Object.keys(value).length === 0) refuse(path, "must have at least one condition");
    return joined(Object.entries(value).map(([key, operand]) => one(key, operand, [...path, key], depth)));
  };
  const one = (key: string, operand: unknown, path: Path, depth: number): SQL => {
    if (++conditions > conditionsMax) refuse([], `must not have more than ${conditionsMax} conditions`);
    if (key === "$not") return sql`not (${all(operand, path, depth + 1)})`;
    if (key === "$and" || key === "$or") {
      const parts = listOf(path, operand).map((part, n) => all(part, [...path, n], depth + 1));
      return joined(parts, key === "$or" ? sql` or ` : sql` and `);
    }
    if (key.startsWith("$")) refuse(path, "is not an operator; the operators are $and, $or and $not");
    const field = fieldOf(key, path);
    if (!isRecord(operand)) return field.$eq(path, operand);
    if (Object.keys(operand).length === 0) refuse(path, "must have at least one operator");
    return joined(
      Object.entries(operand).map(([name, value]) => {
        if (++conditions > conditionsMax) refuse([], `must not have more than ${conditionsMax} conditions`);
        const operator = Object.hasOwn(field, name) ? field[name] : undefined;
        if (!operator)
          return refuse(
            [...path, name],
            `is not an operator of this field; its operators are ${Object.keys(field).join(", ")}`,
          );
        return operator([...path, name], value);
      }),
    );
  };
  return all(filter, [], 1);
};

/** Values that are no objects. Bodies are limited in depth before this is called. */
const operandsOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? Object.values(value).reduce((sum: number, part) => sum + operandsOf(part), 0)
    : 1;

const joined = (parts: SQL[], by: SQL = sql` and `): SQL => {
  if (parts.length === 0) return sql`true`;
  return sql`(${sql.join(parts, by)})`;
};

const refuse = (path: Path, message: string): never => {
  throw new Problem("invalid-request", undefined, { errors: [{ path: pointer(["filter", ...path]), message }] });
};

function assertRecord(path: Path, value: unknown): asserts value is Record<string, unknown> {
  if (!isRecord(value)) refuse(path, "must be an object");
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (path: Path, value: unknown): unknown[] => {
  if (!Array.isArray(value) || value.length === 0) return refuse(path, "must be a list with at least one element");
  return value;
};

const scalarOf = (path: Path, value: unknown): Scalar => {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string" && value.length <= textMax && !value.includes("\0")) return value;
  return refuse(path, `must be text of at most ${textMax} characters, a number, true, false or null`);
};

const fieldOf = (name: string, path: Path): Field => {
  const own = Object.hasOwn(ownFields, name) ? ownFields[name] : undefined;
  return own ?? metadataField(name.replace(/^metadata\./, "").split("."), path);
};

const comparisons = { $gt: sql.raw(">"), $gte: sql.raw(">="), $lt: sql.raw("<"), $lte: sql.raw("<=") };

/** Derives the operators for lists, negation and comparison from a field's equality and order. */
const fieldWith = (equals: Operator, compare: (path: Path, operand: unknown, by: SQL) => SQL): Field => {
  const anyOf: Operator = (path, operand) =>
    joined(
      listOf(path, operand).map((one, n) => equals([...path, n], one)),
      sql` or `,
    );
  const ordered = Object.entries(comparisons).map(([name, by]): [string, Operator] => [
    name,
    (path, operand) => compare(path, operand, by),
  ]);
  return {
    $eq: equals,
    $ne: (path, operand) => sql`not ${equals(path, operand)}`,
    $in: anyOf,
    $nin: (path, operand) => sql`not ${anyOf(path, operand)}`,
    ...Object.fromEntries(ordered),
  };
};

const metadataField = (keys: string[], path: Path): Field => {
  if (keys.length > depthMax || keys.some((key) => key === "" || key.length > 200 || key.includes("\0")))
    refuse(path, "is not a valid metadata key");
  const found = readingsOf(keys).map((nested) => sql`d.metadata #> ${`{${nested.map(quoted).join(",")}}`}::text[]`);
  const value = found.length > 1 ? sql`coalesce(${sql.join(found, sql`, `)})` : sql`(${found[0]})`;
  const elements = sql`jsonb_array_elements(case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end) as x`;
  // `array @> scalar` is true when the array contains the scalar.
  const equals: Operator = (path, operand) => {
    const scalar = scalarOf(path, operand);
    const contains = sql`coalesce(${value} @> ${JSON.stringify(scalar)}::jsonb, false)`;
    return scalar === null ? sql`(${value} is null or ${contains})` : contains;
  };
  return {
    ...fieldWith(equals, (path, operand, by) => {
      const scalar = scalarOf(path, operand);
      if (typeof scalar === "number")
        return sql`exists (select from ${elements} where case when jsonb_typeof(x) = 'number' then x::numeric ${by} ${scalar}::numeric else false end)`;
      if (typeof scalar === "string")
        return sql`exists (select from ${elements} where jsonb_typeof(x) = 'string' and (x #>> '{}') collate "C" ${by} ${scalar} collate "C")`;
      return refuse(path, "must be text or a number");
    }),
    $exists: (path, operand) => {
      if (typeof operand !== "boolean") refuse(path, "must be true or false");
      return operand ? sql`(${value} is not null)` : sql`(${value} is null)`;
    },
  };
};

/** A longer name is one key, or each of its parts is one: there are twice as many readings with each part. */
const dottedMax = 4;

/**
 * What a name with dots can mean: keys may contain dots themselves, such as `dc.title`, at any depth. A key with exactly the name
 * has precedence, then fewer nested keys over more.
 */
const readingsOf = (parts: string[]): string[][] => {
  if (parts.length > dottedMax) return [[parts.join(".")], parts];
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return [[first]];
  return readingsOf(rest)
    .flatMap(([next = "", ...others]) => [
      [`${first}.${next}`, ...others],
      [first, next, ...others],
    ])
    .toSorted((one, other) => one.length - other.length);
};

/** Quotes a key as an element of an array literal. */
const quoted = (key: string): string => `"${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** A column of the document; `parse` converts the operand to the text of the column's type. */
const column = (value: SQL, type: SQL, parse: (path: Path, operand: unknown) => string | null): Field =>
  fieldWith(
    (path, operand) => sql`(${value} is not distinct from ${parse(path, operand)}${type})`,
    (path, operand, by) => sql`coalesce(${value} ${by} ${parse(path, operand)}${type}, false)`,
  );

const parsedBy =
  <T>(schema: z.ZodType<T>, shape: (value: T) => string, message: string) =>
  (path: Path, operand: unknown): string | null => {
    if (operand === null) return null;
    const parsed = schema.safeParse(operand);
    return parsed.success ? shape(parsed.data) : refuse(path, message);
  };

const textOperand = parsedBy(
  z
    .string()
    .max(textMax)
    .regex(/^[^\0]*$/),
  // As names are stored.
  (text) => text.normalize("NFC"),
  `must be text of at most ${textMax} characters or null`,
);
const momentOperand = parsedBy(
  momentText,
  (text) => new Date(text).toISOString(),
  "must be a time such as 2026-01-31T12:00:00Z, in the years 1 to 9999",
);
const idOperand = parsedBy(idSchema("collection"), (id) => id, "must be the id of a collection or null");

const ownFields: Record<string, Field> = {
  name: column(sql`(d.name collate "C")`, sql`::text`, textOperand),
  contentType: column(sql`(d.content_type collate "C")`, sql`::text`, textOperand),
  createdAt: column(sql`d.created_at`, sql`::timestamptz`, momentOperand),
  collectionId: column(sql`d.collection_id`, sql`::uuid`, idOperand),
};
