import { decode } from "./decode.ts";
import type { Reader } from "./reader.ts";
import type { TextBuilder } from "./text-builder.ts";

/** Reads JSON or NDJSON as lines of `path: value`, and a list of records as a table. */
export const readJson: Reader = (bytes, builder) => {
  const text = decode(bytes);
  addValue(builder, parseAny(text));
  return null;
};

const parseAny = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2) throw error;
    return lines.map((line) => JSON.parse(line));
  }
};

const addValue = (builder: TextBuilder, value: unknown): void => {
  if (Array.isArray(value))
    builder.add({
      kind: "table",
      headerRows: 0,
      rows: value.map((item) => leaves(item, "").map((text) => ({ text }))),
    });
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(inner) || !inner.some(isObject))
        builder.add({ kind: "paragraph", text: leaves(inner, key).join("\n") });
      else {
        builder.add({ kind: "heading", text: key, level: 1 });
        addValue(builder, inner);
      }
    }
  else builder.add({ kind: "paragraph", text: String(value) });
};

/** `path: value` of every non-empty leaf. Iterative, because the file may be nested arbitrarily deep. */
const leaves = (root: unknown, name: string): string[] => {
  const lines: string[] = [];
  const open: { value: unknown; path: string }[] = [{ value: root, path: name }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== "object") lines.push(path ? `${path}: ${value}` : String(value));
    else if (value !== null)
      for (const [key, inner] of Object.entries(value).reverse())
        open.push({ value: inner, path: Array.isArray(value) ? path : path ? `${path}.${key}` : key });
  }
  return lines;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
