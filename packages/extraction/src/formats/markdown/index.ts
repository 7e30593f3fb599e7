/** Reads Markdown (CommonMark with tables) as blocks. */

import { marked, type Token, type Tokens } from "marked";
import type { Reading } from "../../extraction.ts";
import { decodeFor } from "../encoding/decode.ts";
import { readHtmlText } from "../html/index.ts";
import type { Reader } from "../reader.ts";
import { addParagraphs } from "../text.ts";
import type { TextBuilder } from "../text-builder.ts";
import { inlineSource, inlineText } from "./inline.ts";

export const readMarkdown: Reader = (bytes, builder, options) => {
  addMarkdownText(decodeFor(builder, bytes, options), builder, options.reading);
  return null;
};

/** Adds a Markdown text. */
export const addMarkdownText = (text: string, builder: TextBuilder, reading?: Reading): void => {
  const source = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  // YAML front matter ends with `---` or `...`, TOML's with `+++`.
  const frontMatter =
    /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source) ??
    /^\+\+\+[ \t]*\n([\s\S]*?)\n\+\+\+[ \t]*(?:\n|$)/.exec(source);
  if (frontMatter) builder.add({ kind: "code", text: frontMatter[1] ?? "" });
  const body = source.slice(frontMatter?.[0].length ?? 0);
  const tokens = isPathological(body) ? undefined : tokensOf(body);
  if (tokens) addTokens(tokens, builder, reading);
  else addParagraphs(builder, body);
};

/** Undefined when quotes or lists are nested deeper than the parser's recursion. */
const tokensOf = (source: string): Token[] | undefined => {
  try {
    return marked.lexer(source);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/** The parser compares each mark of emphasis with the ones before it in its paragraph. */
const comparisonsMax = 1_000_000_000;

/** A line with a hundred marks of quotes and lists: the parser reads each of them by recursion. */
const deepLine = /^(?:[ \t]{0,3}(?:>|[*+-]|\d{1,9}[.)])[ \t]{0,4}){100}/m;

/** True when that would take more than about two seconds. People do not write such paragraphs. */
const isPathological = (source: string): boolean => {
  if (deepLine.test(source)) return true;
  let comparisons = 0;
  for (const paragraph of source.split(/\n(?=[ \t]{0,20}(?:[|>#*+\n-]|\d{1,9}[.)]))/)) {
    const marks = paragraph.match(/[*_~[\]<`!@]/g)?.length ?? 0;
    comparisons += marks ** 2;
  }
  return comparisons > comparisonsMax;
};

const addTokens = (tokens: readonly Token[], builder: TextBuilder, reading: Reading | undefined): void => {
  let html = "";
  const flush = () => {
    if (html !== "") readHtmlText(html, builder, reading);
    html = "";
  };
  for (const token of tokens) {
    // Blank lines divide one element into several tokens.
    if (token.type === "html") html += token.raw;
    else if (token.type !== "space") {
      flush();
      addToken(token, builder, reading);
    }
  }
  flush();
};

/**
 * Headings lose their markup, since they are shown as titles. Bodies keep their source: Markdown is readable as
 * written, links keep their targets, and quotes match the file. Pictures are their descriptions. The casts follow from
 * `type`: marked's type of a token includes custom ones, so TypeScript cannot narrow it.
 */
const addToken = (token: Token, builder: TextBuilder, reading: Reading | undefined): void => {
  switch (token.type) {
    case "heading":
      builder.add({ kind: "heading", text: inlineText(token), level: (token as Tokens.Heading).depth });
      return;
    case "code":
      builder.add({ kind: "code", text: (token as Tokens.Code).text });
      return;
    case "list":
      addList(token as Tokens.List, builder, reading);
      return;
    case "table": {
      const { header, rows } = token as Tokens.Table;
      builder.add({
        kind: "table",
        headerRows: 1,
        rows: [header, ...rows].map((row) => row.map((cell) => ({ text: cell.tokens.map(inlineText).join("") }))),
      });
      return;
    }
    case "blockquote":
      addTokens((token as Tokens.Blockquote).tokens, builder, reading);
      return;
    case "def": {
      // A footnote of one word looks like the target of a link.
      if (token.raw.trimStart().startsWith("[^")) builder.add({ kind: "note", text: token.raw });
      return;
    }
    case "space":
    case "hr":
      return;
    default:
      builder.add({
        kind: /^\[\^[^\]]{1,100}\]:/.test(token.raw) ? "note" : "paragraph",
        text: inlineSource(token, builder),
      });
  }
};

/** A list is one block, unless tables or elements are inside of it. */
const addList = (list: Tokens.List, builder: TextBuilder, reading: Reading | undefined): void => {
  const isSimple = !list.items.some(({ tokens }) => hasBlocks(tokens));
  if (isSimple) {
    builder.add({ kind: "list", text: inlineSource(list, builder) });
    return;
  }
  for (const [at, item] of list.items.entries()) {
    let mark = list.ordered ? `${Number(list.start || 1) + at}. ` : "- ";
    for (const token of item.tokens) {
      if (token.type === "text" || token.type === "paragraph")
        builder.add({ kind: "list", text: mark + inlineSource(token, builder) });
      else addTokens([token], builder, reading);
      mark = "";
    }
  }
};

const hasBlocks = (tokens: readonly Token[]): boolean =>
  tokens.some(
    (token) =>
      token.type === "table" ||
      token.type === "html" ||
      (token.type === "list" && (token as Tokens.List).items.some((item) => hasBlocks(item.tokens))),
  );
