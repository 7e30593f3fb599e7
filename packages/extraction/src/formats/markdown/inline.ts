/** The text of the inline elements of Markdown. */

import type { Token, Tokens } from "marked";
import type { TextBuilder } from "../text-builder.ts";

/** The text of a token without markup. */
export const inlineText = (token: Token): string => {
  if (token.type === "br") return " ";
  if (token.type === "html") return /^<br\b/i.test(token.raw) ? " " : "";
  if (token.type === "image") return (token as Tokens.Image).text;
  if ("tokens" in token && token.tokens) return token.tokens.map(inlineText).join("");
  return unescapeHtml("text" in token ? String(token.text) : "");
};

/** The source of a token, with pictures as their descriptions and without HTML tags and escapes. */
export const inlineSource = (token: Token, builder: TextBuilder): string => {
  const parts: string[] = [];
  let at = 0;
  const replace = (raw: string, text: string) => {
    const found = token.raw.indexOf(raw, at);
    // A part whose lines were indented differs from its source.
    if (found < 0 || found - at > gapCharsMax) return;
    parts.push(unescapeHtml(token.raw.slice(at, found)), text);
    at = found + raw.length;
  };
  for (const part of inlineParts(token)) {
    if (part.type === "image") {
      if ((part as Tokens.Image).text === "") builder.warn("images-unread");
      replace(part.raw, (part as Tokens.Image).text);
    } else if (part.type === "codespan") replace(part.raw, part.raw);
    else if (part.type === "html") replace(part.raw, /^<br\b/i.test(part.raw) ? "\n" : "");
    else if (part.type === "escape") replace(part.raw, (part as Tokens.Escape).text);
    else if (part.type === "link" && /\]\s?\[[^\]]*\]$/.test(part.raw)) {
      // A reference is not understandable without its definition.
      const label = part.raw.lastIndexOf("[");
      replace(part.raw.slice(label - 1), `](${(part as Tokens.Link).href})`);
    } else if (part.type === "br") replace(part.raw, "\n");
  }
  parts.push(unescapeHtml(token.raw.slice(at)));
  return parts.join("");
};

/** Farther away it is another occurrence of the same characters. */
const gapCharsMax = 100_000;

/** Tokens of running text whose source is not what a reader sees, in order; a link comes after the parts of its text. */
function* inlineParts(token: Token): Generator<Token> {
  const inner = token.type === "list" ? (token as Tokens.List).items : "tokens" in token ? (token.tokens ?? []) : [];
  for (const child of inner) yield* inlineParts(child);
  if (/^(image|html|escape|link|br|codespan)$/.test(token.type)) yield token;
}

const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (entity, name: string) => characters[name] ?? entity);

const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" };
