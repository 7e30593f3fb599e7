import { type Mark, wordSpansOf } from "../../documents/index.ts";
import { type Span, sentencesOf } from "../sentences.ts";
import type { Source } from "./evidence.ts";

/** A piece of a chunk that can be an answer: a sentence, a row of a table or an item of a list. */
export type Candidate = Span & {
  source: Source;
  text: string;
  kind: "sentence" | "row" | "item";
  /** The words of its text, as positions from 1; the last one is not included. */
  words: { first: number; last: number };
  /** The candidates of the same paragraph before and after it. */
  before: Candidate | undefined;
  after: Candidate | undefined;
  /** A question that stands above its paragraph, as in a list of questions and answers. */
  question: string | undefined;
};

type Block = Span & { kind: Mark["kind"] | "paragraph" };

/** Headings, page headers and footers and captions are about other text. */
const answering = new Set<Block["kind"]>(["paragraph", "list", "table", "code", "note"]);

/** The candidates of a chunk in order, none of them a question, a heading or a line of a table of contents. */
export const candidatesOf = (source: Source): Candidate[] => {
  const { text } = source.hit.chunk;
  const positionAt = positionsIn(source.wordStarts);
  const candidates: Candidate[] = [];
  const heading = source.hit.chunk.headings.at(-1) ?? "";
  /** Set by a paragraph; otherwise the heading may be a question. */
  let question: string | undefined;
  const asked = isQuestion(heading) ? heading : undefined;
  const blocks = blocksOf(text, source.marks);
  for (const [at, block] of blocks.entries()) {
    const content = text.slice(block.start, block.end);
    if (block.kind === "heading") question = undefined;
    if (!answering.has(block.kind) || isTitle(source, block, text) || isContents(content)) continue;
    const textOf = (span: Span | undefined) => (span ? text.slice(span.start, span.end).trim() : "");
    const parts = withList(partsOf(text, block), text, blocks[at + 1]);
    const title = isNumberedTitle(textOf(blocks[at - 1]), textOf(parts[0]), textOf(parts[1] ?? blocks[at + 1]))
      ? parts[0]
      : undefined;
    let before: Candidate | undefined;
    let hasAnswer = false;
    for (const part of parts) {
      const { start, end, kind } = part;
      const own = text.slice(start, end);
      if (isQuestion(own)) {
        question = own;
        before = undefined;
        continue;
      }
      if (
        part === title ||
        isContents(own) ||
        isMarkdownHeading(own) ||
        (isCapitals(own) && !isCapitals(text)) ||
        isOfMail(own) ||
        isOfPage(own) ||
        isInstruction(own)
      )
        continue;
      const words = { first: positionAt(start), last: positionAt(end) };
      if (words.last === words.first) continue;
      const candidate: Candidate = {
        source,
        start,
        end,
        text: own,
        kind,
        words,
        before,
        after: undefined,
        question: question ?? asked,
      };
      if (before) before.after = candidate;
      if (kind === "sentence") before = candidate;
      candidates.push(candidate);
      hasAnswer = true;
    }
    // The answer to a question is the text until the next question, and at most the next paragraph.
    if (hasAnswer && !(parts.length > 0 && isQuestion(text.slice(parts.at(-1)!.start, parts.at(-1)!.end))))
      question = undefined;
  }
  return candidates;
};

/** The marked blocks and the paragraphs between them. */
const blocksOf = (text: string, marks: readonly Mark[]): Block[] => {
  const blocks: Block[] = [];
  let at = 0;
  const paragraphs = (until: number) => {
    for (const { 0: own, index } of text.slice(at, until).matchAll(/(?:(?!\n\n)[\s\S])+/g))
      if (own.trim() !== "") blocks.push({ kind: "paragraph", start: at + index, end: at + index + own.length });
  };
  for (const { kind, start, end } of marks) {
    if (start > at) paragraphs(start);
    blocks.push({ kind, start, end });
    at = Math.max(at, end);
  }
  paragraphs(text.length);
  return blocks;
};

/** Longer answers are cut. */
export const charsMax = 600;

/** The last sentence with the list that it introduces: "The following are required:". */
const withList = (parts: readonly CandidateSpan[], text: string, next: Block | undefined): CandidateSpan[] => {
  const last = parts.at(-1);
  const isIntroduction = last?.kind === "sentence" && /[:：]$/.test(text.slice(last.start, last.end));
  if (!last || !isIntroduction || next?.kind !== "list" || next.end - last.start > charsMax) return [...parts];
  return [...parts.slice(0, -1), { ...last, end: next.end }];
};

const itemCharsMax = 300;

type CandidateSpan = Span & Pick<Candidate, "kind">;

const partsOf = (text: string, { kind, start, end }: Block): CandidateSpan[] => {
  const content = text.slice(start, end);
  const sentences = (from: number, own: string): CandidateSpan[] =>
    joined(own, sentencesOf(own)).map((one) => ({ start: from + one.start, end: from + one.end, kind: "sentence" }));
  if (kind === "paragraph" || kind === "note") return sentences(start, content);
  return [...content.matchAll(/[^\n]+/g)].flatMap(({ 0: line, index }): CandidateSpan[] => {
    const trimmed = line.trim();
    if (trimmed === "") return [];
    const from = start + index + line.indexOf(trimmed);
    if (kind === "table") return [{ start: from, end: from + trimmed.length, kind: "row" }];
    if (trimmed.length > itemCharsMax) return sentences(from, trimmed);
    return [{ start: from, end: from + trimmed.length, kind: "item" }];
  });
};

/** Abbreviations, initials and, before a word, ordinal numbers, whose full stop ends no sentence. */
const unfinished =
  /(?:^|[\s(„“"])(?:\p{Lu}|\p{Lo}\p{M}*|\d{1,2}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|No|Nr|Inc|Ltd|Co|Corp|Gen|Col|Lt|Capt|Sgt|Rev|Hon|bzw|ca|etc|usw|vgl|bspw|Str|Abs|Art|Mio|Mrd|Tsd|Jh|Jhs|EE|Sra|Srta|Sres|Dra|Ud|Uds|pág|núm|approx|e\.g|i\.e|z\.\s?B|d\.\s?h|u\.\s?a|U\.S|млн|млрд|тыс|гг?|вв?|руб|им|т\.\s?[ек]|н\.\s?э)\.$/u;

const joined = (text: string, spans: readonly Span[]): Span[] => {
  const whole: Span[] = [];
  for (const span of spans) {
    const last = whole.at(-1);
    if (
      last &&
      unfinished.test(text.slice(Math.max(last.start, last.end - 12), last.end)) &&
      !text.slice(last.end, span.start).includes("\n")
    )
      last.end = span.end;
    else whole.push({ ...span });
  }
  return whole;
};

const isQuestion = (text: string): boolean => /[?？؟⸮]\s*["”»’)\]]*$/u.test(text);

const contentsTitle =
  /^(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|contenidos?|índice|sommaire|table des matières|содержание|оглавление|目录)$/iu;

/** A line of a table of contents, with dots or a tab before the number of a page; or the lines below its title. */
const isContents = (text: string): boolean => {
  const [title = "", ...rest] = text.trim().split("\n");
  if (rest.length > 0 && contentsTitle.test(title.trim())) return true;
  const lines = [title, ...rest];
  return lines.every((line) => /(?:\.{3}|(?:\. ){3}|…|·{3}|\t)\s{0,9}\d{1,4}$/.test(line.trimEnd()));
};

/** A heading in a plain text, whose format has no marks. */
const isMarkdownHeading = (text: string): boolean => /^#{1,6} [^\n]*$/.test(text);

/** A heading of a plain text in capital letters, or such a whole text; scripts without capital letters have none. */
const isCapitals = (text: string): boolean => /\p{Lu}{3}/u.test(text) && !/[\p{Ll}\p{Lo}]/u.test(text);

const numberedTitle = /^(?:§ ?\d{1,3}|\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?) \p{Lu}[^\n.:;!?|\d]{0,60}$/u;
/** A numbered heading in a plain text, "4. Deposit", which is no item of a list. */
const isNumberedTitle = (before: string, own: string, after: string): boolean =>
  numberedTitle.test(own) && after !== "" && !numberedTitle.test(before) && !numberedTitle.test(after);

/** The line above a quoted mail, and the addresses of a mail. */
const isOfMail = (text: string): boolean =>
  /^[>\s]*(?:On|Am|Le|El|Il) [^\n]{5,200} (?:wrote|schrieb|a écrit|escribió|ha scritto)[^\n:]{0,80}:$/.test(text) ||
  /^[>\s]*(?:From|To|Cc|Bcc): [^\n]*@[^\n]*$/.test(text) ||
  /^[>\s]*(?:Date|Datum|Fecha): \d{4}-\d\d-\d\dT[\d:.]+Z?$/.test(text) ||
  /^[>\s]*(?:Dear|Hello|Hi|Sehr geehrte[rn]?|Liebe[r]?|Hallo|Guten Tag|Estimad[oa]s?|Hola|Cher|Chère|Madame|Monsieur|Bonjour)(?!\p{L})[^\n.?!]{0,60}[,:!]?$/u.test(
    text,
  );

/** A sentence that would tell a reader, person or model, what to answer. */
const isInstruction = (text: string): boolean =>
  /ignore (?:all |any |the )*(?:previous|prior|above|earlier) (?:instructions|prompts)|(?:whatever|no matter what) the question|answer to (?:every|any|all) questions?|ignorier\p{L}* .{0,30}anweisungen|ignora .{0,30}instrucciones/iu.test(
    text,
  );

/** A header or footer in a plain text, whose format has no marks: "Page 1 of 2 - Lease". */
const isOfPage = (text: string): boolean =>
  /^(?:[^\n]{0,80}[-–—|·] ?)?(?:page|seite|página|pagina|страница) \d{1,4} ?(?:of|von|de|di|sur|из|\/) ?\d{1,4}(?!\d)[^\n]{0,80}$/iu.test(
    text,
  );

const titleWordsMax = 12;

/** The first line of a document without headings, when it is short and no sentence. */
const isTitle = ({ hit: { chunk } }: Source, block: Block, text: string): boolean => {
  if (block.kind !== "paragraph" || chunk.charStart + block.start !== 0 || block.end >= text.trimEnd().length)
    return false;
  const own = text.slice(block.start, block.end).trim();
  return !/[.!?。．！？।:：;|]\s*$|[:：|]|\n/u.test(own) && own.split(/\s+/).length <= titleWordsMax;
};

/** Returns the position, from 1, of the first word that starts at an offset of the text or after it. */
const positionsIn =
  (starts: readonly number[]) =>
  (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };

/** Where a word of the question is in a candidate. */
export const placesIn = ({ source: { positions }, words }: Candidate, word: number): number[] =>
  // `positions` has one list per word.
  positions[word]!.filter((position) => position >= words.first && position < words.last);

/**
 * Whether a part of a candidate is made of these words of the question. A character of a script without spaces that is no word
 * by itself is, when one of the pairs that contain it is.
 */
export const matchedParts = (candidate: Candidate, words: readonly number[]): ((part: Span) => boolean) => {
  const places = new Set(words.flatMap((word) => placesIn(candidate, word)));
  const spans = wordSpansOf(candidate.text).map(([start, end], at) => ({
    start,
    end,
    isMatched: places.has(candidate.words.first + at),
  }));
  return (part) => {
    const inside = spans.filter(({ start, end }) => start >= part.start && end <= part.end);
    if (inside.length > 0) return inside.every(({ isMatched }) => isMatched);
    return spans.some(({ start, end, isMatched }) => isMatched && start < part.end && end > part.start);
  };
};
