import { marked, type Token, type Tokens } from "marked";
import { decode } from "./decode.ts";
import { readHtmlText } from "./html.ts";
import type { Reader } from "./reader.ts";
import type { TextBuilder } from "./text-builder.ts";

export const readMarkdown: Reader = (bytes, builder) => {
  const source = decode(bytes).replaceAll("\r\n", "\n");
  // YAML front matter ends with `---` or `...`.
  const frontMatter = /^---\n([\s\S]*?)\n(---|\.\.\.)[ \t]*\n/.exec(source);
  if (frontMatter) builder.add({ kind: "code", text: frontMatter[1] ?? "" });
  for (const token of marked.lexer(source.slice(frontMatter?.[0].length ?? 0))) addMarkdown(token, builder);
  return null;
};

/**
 * Headings lose their markup, since they are shown as titles. Bodies keep their source: Markdown is readable as
 * written, links keep their targets, and quotes match the file. The casts follow from `type`: marked's type of a token
 * includes custom ones, so TypeScript cannot narrow it.
 */
const addMarkdown = (token: Token, builder: TextBuilder): void => {
  switch (token.type) {
    case "heading":
      builder.add({ kind: "heading", text: inlineText(token), level: (token as Tokens.Heading).depth });
      return;
    case "code":
      builder.add({ kind: "code", text: (token as Tokens.Code).text });
      return;
    case "list":
      builder.add({ kind: "list", text: token.raw });
      return;
    case "table": {
      const { header, rows } = token as Tokens.Table;
      builder.add({
        kind: "table",
        headerRows: 1,
        rows: [header, ...rows].map((row) => row.map(({ text }) => ({ text }))),
      });
      return;
    }
    case "blockquote":
      for (const inner of (token as Tokens.Blockquote).tokens) addMarkdown(inner, builder);
      return;
    case "html":
      readHtmlText((token as Tokens.HTML).text, builder);
      return;
    case "space":
    case "hr":
    case "def":
      return;
    default:
      builder.add({ kind: "paragraph", text: token.raw });
  }
};

/** The text of a token without markup. */
const inlineText = (token: Token): string => {
  if (token.type === "br") return " ";
  if (token.type === "html") return "";
  if ("tokens" in token && token.tokens) return token.tokens.map(inlineText).join("");
  return unescapeHtml("text" in token ? String(token.text) : "");
};

const unescapeHtml = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (entity, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name] ?? entity,
  );
