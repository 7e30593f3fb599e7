import type { DocumentBlock } from "../model.ts";
import { joinLines, type Words } from "./hyphens.ts";
import { type Line, smallPrint } from "./layout.ts";

/** A column whose small print is longer is a list of references or the like. */
const noteLinesMax = 15;
/** In parts of the font size: from one line of a note to the next, and between pieces that stand in different columns. */
const [pitchMax, columnGapMin] = [1.7, 1.5];

const mark = /^(?:\d{1,3}|[*†‡§¶]{1,3})(?=[.)]?\s{0,3}\p{L})/u;

type Note = { text: string; left: number; bottom: number; size: number };
export type Foot = { body: Line[]; notes: string[]; rest: Line[] };

/** Takes the notes and the other small print at the foot of a page out of its lines. */
export const footOf = (lines: readonly Line[], bodySize: number, words: Words): Foot => {
  const isSmall = ({ size, table }: Line) => !table && size < smallPrint * bodySize;
  const foot = new Set<Line>();
  for (const own of Map.groupBy(lines, ({ column }) => column).values()) {
    if (own[0]!.edge === "bottom") for (const line of own.filter(isSmall)) foot.add(line);
    if (own[0]!.edge) continue;
    const small = own.slice(own.findLastIndex((line) => !isSmall(line)) + 1);
    if (small.length === own.length || small.length > Math.min(noteLinesMax, own.length / 2)) continue;
    const first = small.findIndex(({ text }) => mark.test(text));
    if (first !== -1) for (const line of small.slice(first)) foot.add(line);
  }
  const notes: Note[] = [];
  const rest: Line[] = [];
  for (const line of foot) {
    const cells = cellsOf(line);
    // A foot without a note stays as it is.
    if (cells.every(({ text }) => !mark.test(text) && !above(notes, text, line))) rest.push(line);
    else for (const cell of cells) addTo(notes, cell, words);
  }
  return { body: lines.filter((line) => !foot.has(line)), notes: notes.map(({ text }) => text), rest };
};

/** The parts of a line that stand in different columns. */
const cellsOf = ({ text, left, bottom, size, pieces = [] }: Line): Note[] => {
  const cells: (Note & { right: number })[] = [];
  for (const piece of pieces) {
    const last = cells.at(-1);
    if (last && piece.left - last.right < columnGapMin * size) {
      last.text += ` ${piece.text}`;
      last.right = piece.right;
    } else cells.push({ ...piece, bottom, size });
  }
  return cells.length > 1 ? cells : [{ text, left, bottom, size }];
};

/** The note that a piece of small print goes on, which stands above it. */
const above = (notes: readonly Note[], text: string, { left, bottom, size }: Omit<Note, "text">): Note | undefined =>
  mark.test(text)
    ? undefined
    : notes.findLast(
        (note) =>
          Math.abs(note.left - left) < 3 * size && bottom > note.bottom && bottom - note.bottom < pitchMax * size,
      );

const addTo = (notes: Note[], cell: Note, words: Words): void => {
  const note = above(notes, cell.text, cell);
  if (note) {
    note.text = joinLines(note.text, cell.text, words);
    note.bottom = cell.bottom;
  } else notes.push({ ...cell });
};

/** Removes the marks of a page's notes from its text, where they stick to a word or to the end of a sentence. */
export const withoutMarks = (blocks: readonly DocumentBlock[], notes: readonly string[]): DocumentBlock[] => {
  const found = new Set(notes.flatMap((note) => mark.exec(note)?.[0] ?? []));
  if (found.size === 0) return [...blocks];
  return blocks.map((block) => {
    if (block.kind === "table" || block.kind === "code") return block;
    let { text } = block;
    for (const sign of found) {
      const at = markAt(text, sign);
      if (at === -1) continue;
      text = text.slice(0, at) + text.slice(at + sign.length);
      found.delete(sign);
    }
    return { ...block, text };
  });
};

/** Where the mark follows a word or the sign after it; "Fig.2", "CO2" and numbers with a point are no marks. */
const markAt = (text: string, sign: string): number => {
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
    const [before, after] = [text.slice(Math.max(0, at - 40), at), text[at + sign.length] ?? " "];
    if (
      /[\s.,;:!?)”’"]/u.test(after) &&
      /\p{Ll}{3}[)”’"]?[.,;:!?]?[)”’"]?$/u.test(before) &&
      !abbreviation.test(before)
    )
      return at;
  }
  return -1;
};

const abbreviation = /(?<!\p{L})\p{Lu}\p{Ll}{1,3}\.$/u;

/** A sentence that goes on for longer on the next page stays cut, and "U.S." does not end it. */
const restCharsMax = 600;
const sentenceEnd = /(?<!\p{Lu})[.!?]["”’)\]]{0,2}(?=\s+["“‘(]?[\p{Lu}\p{N}]|\s*$)/u;

/**
 * Moves the rest of a sentence that the page break cuts to the page where it begins, before the notes and the footer there:
 * a citation names one page.
 */
export const joinCutSentence = (page: DocumentBlock[], next: DocumentBlock[], words: Words): void => {
  const [last, first] = [page.at(-1), next[0]];
  if (last?.kind !== "paragraph" || first?.kind !== "paragraph") return;
  if (!/^\p{Ll}/u.test(first.text) || !/[\p{L}\p{N},;)”’\-‐–]$/u.test(last.text)) return;
  // A title or a label has no sentence that goes on.
  if (last.text.length < sentenceCharsMin) return;
  const end = sentenceEnd.exec(first.text.slice(0, restCharsMax));
  if (!end) return;
  const until = end.index + end[0].length;
  page[page.length - 1] = { ...last, text: joinLines(last.text, first.text.slice(0, until), words) };
  const rest = first.text.slice(until).trim();
  if (rest === "") next.shift();
  else next[0] = { ...first, text: rest };
};

const sentenceCharsMin = 30;
