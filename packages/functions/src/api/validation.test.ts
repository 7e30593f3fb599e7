import { expect, test } from "vitest";
import { z } from "zod";
import { schemaFaults } from "./validation.ts";

const faults = (schema: z.ZodType, input: unknown, target = "json") => {
  const { error } = schema.safeParse(input);
  return Object.fromEntries(
    schemaFaults(target, error?.issues ?? [], input).map(({ path, message }) => [path, message]),
  );
};

test("each kind of fault names the field and the expected value", () => {
  const schema = z.strictObject({
    name: z.string().min(1).max(3),
    size: z.int().positive(),
    role: z.enum(["user", "readonly"]),
    when: z.iso.datetime(),
    mail: z.email(),
    list: z.array(z.string()).min(1).max(2),
    hash: z.string().regex(/^[0-9a-f]{4}$/),
    kept: z.literal(true),
    nested: z.strictObject({ "a/b~c": z.boolean() }),
  });
  const wrong = {
    name: "long",
    size: 1.5,
    role: "admin",
    when: "yesterday",
    mail: "x",
    list: [],
    hash: "z",
    kept: false,
  };
  expect(faults(schema, { ...wrong, nested: { "a/b~c": 1 }, colour: "red" })).toEqual({
    "/name": "must have at most 3 characters",
    "/size": "must be a whole number",
    "/role": 'must be "user" or "readonly"',
    "/when": "must be a time such as 2026-01-31T12:00:00Z",
    "/mail": "must be an e-mail address",
    "/list": "must have at least 1 entry",
    "/hash": "must match /^[0-9a-f]{4}$/",
    "/kept": "must be true",
    "/nested/a~1b~0c": "must be a boolean",
    "/colour": "is not a known field",
  });
  expect(faults(schema, { name: 1, size: 0 })).toMatchObject({
    "/name": "must be a string",
    "/size": "must be greater than 0",
    "/role": "is missing",
    "/nested": "is missing",
  });
  expect(faults(schema, null)).toEqual({ "/": "must be an object" });
  expect(faults(z.object({ limit: z.coerce.number().int().max(100) }), { limit: "many" }, "query")).toEqual({
    "query:/limit": "must be a number",
  });
});

test("of several forms the most likely intended one is explained", () => {
  const name = z.string();
  const schema = z.union([
    z.strictObject({ name, sizeBytes: z.int() }),
    z.strictObject({ name, text: z.string() }),
    z.strictObject({ name: name.optional(), url: z.string() }),
  ]);
  expect(faults(schema, { text: "hi" })).toEqual({ "/name": "is missing" });
  expect(faults(schema, { name: "a", text: 1 })).toEqual({ "/text": "must be a string" });
  expect(faults(schema, { name: "a", sizeBytes: "3" })).toEqual({ "/sizeBytes": "must be a number" });
  expect(
    faults(z.object({ documents: z.array(schema) }), { documents: [{ name: "a", text: "b" }, { text: "c" }] }),
  ).toEqual({
    "/documents/1/name": "is missing",
  });
});

test("a response contains the first fifty of a thousand faults", () => {
  const input = Array.from({ length: 1_000 }, (_, n) => n);
  expect(Object.keys(faults(z.array(z.string()), input))).toHaveLength(50);
});
