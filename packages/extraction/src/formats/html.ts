import { Parser } from "htmlparser2";
import type { BlockKind } from "../extraction.ts";
import { decode } from "./decode.ts";
import type { Reader } from "./reader.ts";
import type { TextBuilder } from "./text-builder.ts";

export const readHtml: Reader = (bytes, builder) => readHtmlText(decode(bytes), builder);

const skipped = new Set(["script", "style", "noscript", "template", "svg", "iframe", "object"]);
const blockTags = new Set(
  "p div section article header footer main nav aside ul ol li dl dt dd blockquote pre figure figcaption table caption tr td th address form fieldset hr h1 h2 h3 h4 h5 h6 head title body html".split(
    " ",
  ),
);
/** Replaces <br> while other white space is collapsed (U+2028, LINE SEPARATOR). */
const lineBreak = "\u2028";

/** Reads the tags in one pass without a tree, so that nesting depth costs nothing. */
export const readHtmlText = (html: string, builder: TextBuilder): null => {
  let buffer = "";
  let skipDepth = 0;
  let kind: Exclude<BlockKind, "table"> = "paragraph";
  let level: number | undefined;
  /** Rows of the open tables, innermost last. */
  const tables: string[][][] = [];
  let preDepth = 0;
  let isNoteMark = false;

  const takeText = (): string => {
    const text =
      preDepth > 0
        ? buffer.replaceAll(lineBreak, "\n")
        : buffer.replace(/[^\S\u2028]+/g, " ").replace(/ ?\u2028 ?/g, "\n");
    buffer = "";
    return text;
  };
  const flush = () => builder.add({ kind, text: takeText(), ...(level === undefined ? {} : { level }) });
  /** Adds the text of the open cell, or between cells, to the row. */
  const endCell = (rows: string[][]) => {
    const cell = takeText().replace(/\s+/g, " ").trim();
    if (rows.length === 0) rows.push([]);
    if (cell !== "") rows.at(-1)?.push(cell);
  };
  const endRows = (rows: string[][]) => {
    endCell(rows);
    builder.add({ kind: "table", rows: rows.splice(0).map((row) => row.map((text) => ({ text }))) });
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        // A note reference is inside a sentence and is skipped; the note's text is at the end.
        isNoteMark = name === "a" && /^(foot|end)note-ref/.test(attributes["id"] ?? "");
        if (skipped.has(name)) skipDepth += 1;
        if (skipDepth > 0) return;
        const rows = tables.at(-1);
        if (name === "br") buffer += lineBreak;
        else if (name === "table") {
          // For a table inside a cell, the text before it is written first, to keep the order.
          if (rows) endRows(rows);
          else flush();
          tables.push([]);
        } else if (rows && name === "tr") {
          endCell(rows);
          rows.push([]);
        } else if (rows && (name === "td" || name === "th")) endCell(rows);
        else if (rows && blockTags.has(name)) buffer += " ";
        else if (blockTags.has(name)) {
          flush();
          const heading = /^h([1-6])$/.exec(name);
          if (heading) [kind, level] = ["heading", Number(heading[1])];
          else if (name === "title") [kind, level] = ["heading", 1];
          else if (name === "li") kind = "list";
          else if (name === "pre") {
            kind = "code";
            preDepth += 1;
          }
        }
      },
      ontext(text) {
        if (skipDepth === 0 && !isNoteMark) buffer += text.replaceAll(lineBreak, " ");
      },
      onclosetag(name) {
        isNoteMark = false;
        if (skipped.has(name)) {
          skipDepth = Math.max(0, skipDepth - 1);
          return;
        }
        if (skipDepth > 0) return;
        const rows = tables.at(-1);
        if (rows && name === "table") {
          endRows(rows);
          tables.pop();
        } else if (rows && (name === "td" || name === "th")) {
          // An empty cell keeps its column.
          if (buffer.trim() === "") rows.at(-1)?.push("");
          endCell(rows);
        } else if (rows && blockTags.has(name)) buffer += " ";
        else if (blockTags.has(name)) {
          flush();
          if (name === "pre") preDepth = Math.max(0, preDepth - 1);
          [kind, level] = ["paragraph", undefined];
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  flush();
  return null;
};
