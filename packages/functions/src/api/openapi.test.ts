import { permissions } from "@resolve/core/identity";
import { expect, test } from "vitest";
import { accessTable } from "./app.ts";
import { openApiDocument } from "./index.ts";

test("the OpenAPI document describes every route with the access that is checked", () => {
  const described = Object.entries(openApiDocument().paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Record<string, unknown>>).map(([method, operation]) => [
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      operation["x-access"] ?? "public",
    ]),
  );
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(accessTable));
});

test("every permission that a key can hold is required by a route", () => {
  const required = new Set(
    [...accessTable.values()].flatMap((access) => (access === "public" ? [] : (access.permission ?? []))),
  );
  expect([...required].sort()).toEqual([...permissions].sort());
});

test("every pattern is one of JSON Schema, which has no flags", () => {
  const patterns = JSON.stringify(openApiDocument()).match(/"pattern":"(?:[^"\\]|\\.)*"/g) ?? [];
  expect(patterns.length).toBeGreaterThan(10);
  expect(patterns.filter((pattern) => /\/[a-z]+"$/.test(pattern))).toEqual([]);
});
