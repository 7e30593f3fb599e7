import { decodeFor } from "../encoding/decode.ts";
import type { Reader } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { addNotebook, isNotebook } from "./notebook.ts";
import { type Json, parseJson } from "./parse.ts";

/** Reads JSON or NDJSON as lines of `path: value`, and a list of records as a table. */
export const readJson: Reader = (bytes, builder, options) => {
  const values = parseAny(decodeFor(builder, bytes, options), builder);
  const [only] = values;
  if (values.length === 1 && only && isNotebook(only)) addNotebook(only, builder);
  else addRoot(values.length === 1 && only ? only : { type: "array", items: values }, builder);
  return null;
};

/** A line of NDJSON that is damaged does not affect the others. @throws SyntaxError when no line is JSON */
const parseAny = (text: string, builder: TextBuilder): Json[] => {
  try {
    return parseJson(text);
  } catch (error) {
    const lines = text.split(/\r\n?|\n/);
    const values: Json[] = [];
    const malformed: number[] = [];
    for (const [at, line] of lines.entries()) {
      try {
        values.push(...parseJson(line));
      } catch {
        malformed.push(at + 1);
        // A damaged document has few lines that are values by themselves.
        if (malformed.length > 10 && malformed.length > values.length) throw error;
      }
    }
    if (malformed.length >= values.length || !values.some(({ type }) => type !== "value")) throw error;
    for (const line of malformed) builder.warn("lines-malformed", `line ${line}`);
    return values;
  }
};

const addRoot = (root: Json, builder: TextBuilder): void => {
  if (root.type === "value") builder.add({ kind: "paragraph", text: root.text });
  else if (root.type === "array") addList(root.items, builder);
  else for (const [key, value] of root.entries) addEntry(key, value, builder);
};

const addList = (items: readonly Json[], builder: TextBuilder): void =>
  builder.add({
    kind: "table",
    headerRows: 0,
    rows: items.map((item) => leaves(item, "", builder).map((text) => ({ text }))),
  });

/** Adds values as lines, and each list of records inside of them as a table below its path. */
const addEntry = (name: string, root: Json, builder: TextBuilder): void => {
  let lines: string[] = [];
  const flush = () => {
    builder.add({ kind: "paragraph", text: lines.join("\n") });
    lines = [];
  };
  const open: { path: string; value: Json }[] = [{ path: name, value: root }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, value } = next;
    if (value.type === "object")
      for (const [key, inner] of value.entries.toReversed()) open.push({ path: joined(path, key), value: inner });
    else if (value.type === "array" && value.items.some(({ type }) => type === "object")) {
      flush();
      builder.add({ kind: "heading", text: path, level: 1 });
      addList(value.items, builder);
    } else lines.push(...leaves(value, path, builder));
  }
  flush();
};

/** `path: value` of every leaf that has text. */
const leaves = (root: Json, name: string, builder: TextBuilder): string[] => {
  const lines: string[] = [];
  const add = (path: string, text: string) => {
    if (text.trim() !== "") lines.push(path ? `${path}: ${text}` : text);
  };
  const open: { value: Json; path: string }[] = [{ value: root, path: name }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (value.type === "value") add(path, readable(value.text, path, builder));
    else if (value.type === "object")
      for (const [key, inner] of value.entries.toReversed()) open.push({ value: inner, path: joined(path, key) });
    else if (isShortList(value.items))
      add(
        path,
        value.items
          .map((item) => (item.type === "value" ? item.text : ""))
          .filter(Boolean)
          .join(", "),
      );
    else for (const inner of value.items.toReversed()) open.push({ value: inner, path });
  }
  return lines;
};

const joined = (path: string, key: string): string =>
  path.length > pathCharsMax ? path : path ? `${path}.${key}` : key;

/** A path is repeated for every value below it; deep files would become much longer than they are. */
const pathCharsMax = 200;
const listCharsMax = 200;

/** Numbers, keywords and the like, which are read together. */
const isShortList = (items: readonly Json[]): boolean => {
  let chars = 0;
  for (const item of items) {
    if (item.type !== "value") return false;
    chars += item.text.length + 2;
    if (chars > listCharsMax) return false;
  }
  return items.length > 1;
};

/** Pictures and other files as text are no words. */
const readable = (text: string, path: string, builder: TextBuilder): string => {
  const uri = /^\s*data:([\w/+.-]{0,100})[;,]/.exec(text);
  const isBase64 =
    text.length > 300 &&
    /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) &&
    /\d/.test(text) &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text);
  if (!uri && !isBase64) return text;
  builder.warn(uri?.[1]?.startsWith("image/") ? "images-unread" : "embedded-object-unread", path);
  return "";
};
