import type { Block, BlockKind } from "@resolve/extraction/extraction";

/** A part of a chunk's text, in UTF-16 units, and its role in the document. */
export type Mark = { kind: Exclude<BlockKind, "paragraph">; start: number; end: number };

const letters = {
  heading: "h",
  list: "l",
  table: "t",
  code: "c",
  note: "n",
  caption: "k",
  header: "r",
  footer: "f",
} as const satisfies Record<Mark["kind"], string>;
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter as string, kind as Mark["kind"]]));

/**
 * The blocks of the range `start`…`end` of a text that are not paragraphs, as `h0-12 t14-210`: kinds and offsets in the
 * range. Null when there is none, as in most chunks, so that the column costs nothing there.
 */
export const marksOf = (blocks: readonly Block[], start: number, end: number): string | null => {
  const marks = blocks.flatMap(({ kind, ...block }) => {
    if (kind === "paragraph") return [];
    return [`${letters[kind]}${Math.max(block.start, start) - start}-${Math.min(block.end, end) - start}`];
  });
  return marks.length > 0 ? marks.join(" ") : null;
};

/** The inverse of `marksOf`. */
export const readMarks = (marks: string | null): Mark[] =>
  (marks ?? "").split(" ").flatMap((mark) => {
    const [, letter = "", start, end] = /^([a-z])(\d+)-(\d+)$/.exec(mark) ?? [];
    const kind = kinds.get(letter);
    return kind ? [{ kind, start: Number(start), end: Number(end) }] : [];
  });
