import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventCatalogue } from "./event-catalogue.ts";
import { breakingChanges, type Snapshot } from "./event-evolution.ts";
import { dataSchemaOf } from "./event-schemas.ts";
import snapshot from "./event-snapshot.json" with { type: "json" };

const core = join(import.meta.dirname, "../../core/src");
const sources = globSync("**/*.ts", { cwd: core })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(core, file), "utf8"));

describe("the event catalogue", () => {
  test("has every event that the code defines, and every publication is of a defined one", () => {
    const defined = new Map(
      sources.flatMap((text) =>
        [...text.matchAll(/(\w+) = defineEvent\(\{\s*type: "([^"]+)"/g)].map(
          ([, name, type]) => [name!, type!] as const,
        ),
      ),
    );
    expect([...defined.values()].sort()).toEqual([...eventCatalogue.keys()]);
    const published = sources.flatMap((text) =>
      [...text.matchAll(/\bpublish\(\s*ctx,\s*([A-Z]\w*)/g)].map(([, name]) => name!),
    );
    expect(published.length).toBeGreaterThan(15);
    expect(published.filter((name) => !defined.has(name))).toEqual([]);
    // `publish` checks the data; nothing else writes an event.
    expect(sources.filter((text) => /\brecordEvent\(/.test(text))).toHaveLength(1);
  });

  test.each([...eventCatalogue.values()])("$type has a sample of its schema", ({ type, schema, sample, summary }) => {
    expect(schema.parse(sample)).toEqual(sample);
    expect(type).toMatch(/^[a-z]+\.[a-z_]+$/);
    expect(summary.length).toBeGreaterThan(10);
  });

  test("has changed additively since the snapshot; `npm run events:accept` records it", () => {
    const present: Snapshot = Object.fromEntries(
      [...eventCatalogue].map(([type, event]) => [type, { version: event.version, data: dataSchemaOf(event) }]),
    );
    expect(breakingChanges(snapshot as Snapshot, present)).toEqual([]);
    expect(snapshot, "a new or changed event is in the snapshot").toEqual(present);
  });
});

describe("an evolution of an event", () => {
  const before: Snapshot = {
    "a.b": {
      version: 1,
      data: {
        type: "object",
        properties: {
          name: { type: "string" },
          role: { enum: ["x", "y"] },
          sizes: { type: "array", items: { type: "number" } },
        },
        required: ["name", "role"],
      },
    },
  };
  const changed = (change: (data: Record<string, Record<string, unknown>>) => void, version = 1): Snapshot => {
    const copy = structuredClone(before);
    change(copy["a.b"]!.data as never);
    copy["a.b"]!.version = version;
    return copy;
  };
  test.each<[string, Snapshot, string[]]>([
    ["a new type", { ...before, "c.d": before["a.b"]! }, []],
    ["a new property", changed((data) => Object.assign(data["properties"]!, { more: { type: "string" } })), []],
    ["a higher version", changed((data) => delete data["properties"]!["name"], 2), []],
    ["fewer values", changed((data) => Object.assign(data["properties"]!, { role: { enum: ["x"] } })), []],
    ["a type that is gone", {}, ["a.b: the type is gone"]],
    ["a lower version", changed(() => {}, 0), ["a.b: the version is lower"]],
    [
      "a property that is gone",
      changed((data) => delete data["properties"]!["name"]),
      ["a.b.name: the property is gone"],
    ],
    [
      "a property of another type",
      changed((data) => Object.assign(data["properties"]!, { name: { type: "number" } })),
      ["a.b.name: the schema differs"],
    ],
    [
      "a property that may be missing",
      changed((data) => Object.assign(data, { required: ["name"] })),
      ["a.b.role: the property may be missing"],
    ],
    [
      "new values",
      changed((data) => Object.assign(data["properties"]!, { role: { enum: ["x", "y", "z"] } })),
      ["a.b.role: it has new values"],
    ],
    [
      "a list of other items",
      changed((data) => Object.assign(data["properties"]!, { sizes: { type: "array", items: { type: "string" } } })),
      ["a.b.sizes[]: the schema differs"],
    ],
  ])("with %s is judged", (_, after, expected) => expect(breakingChanges(before, after)).toEqual(expected));
});
