import { type Block, defaultLimits, type Extraction } from "@resolve/extraction/extraction";
import { runInThread } from "@resolve/extraction/thread";
import { type Place, placeOf } from "./place.ts";
import { countTokens, tokenCounter } from "./tokens.ts";

/** The unit of search and citation. `text` equals `text.slice(charStart, charEnd)` of the extraction. */
export type Chunk = Place & {
  ordinal: number;
  text: string;
  /** Headings above it, outermost first. */
  headings: string[];
  charStart: number;
  charEnd: number;
  tokens: number;
};

/** Tokens (o200k) of a chunk: the target, the maximum, and the overlap with the chunk before. */
const tokensTarget = 400;
const tokensMax = 512;
const tokensOverlap = 50;
const headingCharsMax = 200;

type Span = {
  start: number;
  end: number;
  tokens: number;
  /** What follows belongs to it: a heading, a caption, or the introduction of a list or table. */
  isLead?: boolean;
};
/** Returns a range of the text with its number of tokens. */
type Measure = (start: number, end: number) => Span;
type Section = { headings: string[]; spans: Span[]; blocks: Block[] };

/**
 * Splits a text along its structure. A chunk never contains the end of one section and the start of the next. A table
 * stays whole when it fits, and its rows do; other text is split at sentences, and a too long sentence at words. A heading, a
 * caption and an introduction stay with the beginning of what they lead. Chunks of one section overlap by whole sentences.
 * Deterministic: the same text gives the same chunks.
 */
export function chunkText(extraction: Pick<Extraction, "text" | "blocks">): Chunk[] {
  const chunks: Chunk[] = [];
  const measure = measureOf(extraction.text);
  for (const section of sectionsOf(extraction, measure)) {
    for (const { start, end, tokens } of pack(extraction.text, section.spans, measure)) {
      const text = extraction.text.slice(start, end);
      chunks.push({
        ordinal: chunks.length,
        text,
        ...placeOf(extraction.text, section.blocks, start, end),
        headings: section.headings,
        charStart: start,
        charEnd: end,
        tokens,
      });
    }
  }
  return chunks;
}

/**
 * A worker thread takes 0.5 s to start. In this thread this many characters of prose take 75 ms, and this many of long words
 * without spaces 60 ms in the worst case, rare Chinese characters (measured with more and divided).
 */
const charsHereMax = 1_000_000;
const longWordCharsHereMax = 30_000;
const longWord = /\S{200}/;

/**
 * The chunks of a text. A text that would keep this thread from renewing its lease is split in a worker thread, with the
 * rest of the time that extraction has left, and its other limits.
 *
 * @throws ExtractionFailure
 */
export const chunk = async (extraction: Extraction, limits = defaultLimits): Promise<Chunk[]> => {
  const { text } = extraction;
  const isShort = text.length <= charsHereMax && (text.length <= longWordCharsHereMax || !longWord.test(text));
  if (isShort) return chunkText(extraction);
  const chunks = await runInThread<Textless[]>(chunkThread, { extraction }, limits);
  return chunks.map((chunk) => ({ ...chunk, text: text.slice(chunk.charStart, chunk.charEnd) }));
};

/** A chunk as the worker thread returns it. Receiving all texts again would block this thread. */
type Textless = Omit<Chunk, "text">;
export const withoutText = ({ text: _, ...chunk }: Chunk): Textless => chunk;

/** The worker's file: beside this file in the sources, beside the bundle in a function. */
const chunkThread = new URL(
  import.meta.url.endsWith(".ts") ? "./chunk-worker.ts" : "./chunk-worker.mjs",
  import.meta.url,
);

const sectionsOf = ({ text, blocks }: Pick<Extraction, "text" | "blocks">, measure: Measure): Section[] => {
  const sections: Section[] = [];
  let path: { level: number; title: string }[] = [];
  let current: Block[] = [];
  const close = () => {
    if (current.length === 0) return;
    const own = current;
    sections.push({
      headings: path.map(({ title }) => title),
      spans: spansIn(text, own, measure),
      blocks: own,
    });
    current = [];
  };
  for (const block of blocks) {
    // A citation names one page, so a chunk of a PDF ends with its page. A heading at the end of a page goes with its text.
    if (block.page !== current.at(-1)?.page && current.some(({ kind }) => kind !== "heading")) close();
    if (block.kind === "heading") {
      // A heading without a body belongs to the section after it, in its path and in its text.
      if (current.some(({ kind }) => kind !== "heading")) close();
      const level = block.level ?? 1;
      path = [
        ...path.filter((entry) => entry.level < level),
        { level, title: text.slice(block.start, block.end).slice(0, headingCharsMax).toWellFormed() },
      ];
    }
    current.push(block);
  }
  close();
  return sections;
};

/** The spans of a section's blocks. */
const spansIn = (text: string, blocks: readonly Block[], measure: Measure): Span[] => {
  const spans: Span[] = [];
  let led = 0;
  for (const [at, block] of blocks.entries()) {
    const own = spansOf(text, block, measure, led);
    const last = own.at(-1);
    const isLead = last !== undefined && leads(text, block, blocks[at + 1]);
    if (isLead) last.isLead = true;
    // The gap between two blocks has a token or two.
    led = isLead ? led + last.tokens + 2 : 0;
    spans.push(...own);
  }
  return spans;
};

const leads = (text: string, { kind, end }: Block, next: Block | undefined): boolean =>
  next !== undefined &&
  (kind === "heading" ||
    kind === "caption" ||
    (kind === "paragraph" && /[:：]/.test(text[end - 1]!) && next.kind !== "paragraph" && next.kind !== "heading"));

/** Splits a block into spans of at most `tokensMax`: the block, its sentences, its lines, or sequences of words. */
const spansOf = (text: string, block: Block, measure: Measure, led: number): Span[] => {
  if (block.kind === "paragraph") return sentencesOf(text, block, measure);
  const whole = measure(block.start, block.end);
  // A table that fits only without its heading or caption is divided between rows; a long lead stays in a chunk of its own.
  const tableMax = led < tokensOverlap * 2 ? tokensMax - led : tokensMax;
  if (whole.tokens <= (block.kind === "table" ? tableMax : tokensTarget)) return [whole];
  return block.kind === "heading" ? sentencesOf(text, whole, measure) : linesOf(text, whole, measure);
};

const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });

const sentencesOf = (text: string, span: Pick<Span, "start" | "end">, measure: Measure): Span[] => {
  const spans: Span[] = [];
  for (const { index, segment } of segmenter.segment(text.slice(span.start, span.end))) {
    const start = span.start + index;
    const end = start + segment.trimEnd().length;
    if (end > start) spans.push(...bounded(text, measure(start, end), measure));
  }
  return spans;
};

const linesOf = (text: string, span: Pick<Span, "start" | "end">, measure: Measure): Span[] => {
  const spans: Span[] = [];
  let start = span.start;
  for (const line of text.slice(span.start, span.end).split("\n")) {
    if (line.trim() !== "") spans.push(...bounded(text, measure(start, start + line.trimEnd().length), measure));
    start += line.length + 1;
  }
  return spans;
};

/** Splits a span that is too long at spaces, or between characters when there are none. */
const bounded = (text: string, span: Span, measure: Measure): Span[] => {
  if (span.tokens <= tokensMax) return [span];
  const middle = Math.floor((span.start + span.end) / 2);
  // Only the second half of the first half is searched: without any space the whole text before would be.
  const from = Math.ceil((span.start + middle) / 2);
  const space = text.slice(from, middle + 1).lastIndexOf(" ");
  let cut = space >= 0 ? from + space : middle;
  // Do not split a surrogate pair. `cut` lies inside the span, which has more than one character.
  if (/[\udc00-\udfff]/.test(text[cut]!) && /[\ud800-\udbff]/.test(text[cut - 1]!)) cut -= 1;
  const right = cut + (/\s/.test(text[cut]!) ? 1 : 0);
  const halves = [measure(span.start, cut), measure(right, span.end)];
  return halves.flatMap((half) => bounded(text, half, measure)).filter(({ start, end }) => end > start);
};

/** A longer text never fits into a chunk, so its tokens are not counted. */
const charsCountedMax = 20_000;

/** For a longer text the token counts of its words would take too much memory: 440 MB for this one. */
const charsCachedMax = 20_000_000;

const measureOf = (text: string): Measure => {
  const count =
    text.length > charsCachedMax
      ? (start: number, end: number) => countTokens(text.slice(start, end))
      : tokenCounter(text);
  return (start, end) => ({ start, end, tokens: end - start > charsCountedMax ? end - start : count(start, end) });
};

/** Fills chunks up to the target; each begins with the last sentences of the one before. All indexes below are in `spans`. */
const pack = (text: string, spans: Span[], measure: Measure): Span[] => {
  const packed: Span[] = [];
  // The gap to the next span becomes part of the chunk, and has tokens too.
  const costs = spans.map(({ end, tokens }, at) => tokens + gapTokens(text.slice(end, spans[at + 1]?.start ?? end)));
  const isLead = (from: number, to: number) => spans.slice(from, to + 1).every((span) => span.isLead);
  let first = 0;
  let packedTo = -1;
  while (first < spans.length) {
    let last = first;
    let tokens = costs[first]!;
    const fits = (next: number) =>
      tokens + costs[next]! <= tokensTarget ||
      (isLead(first, last) && measure(spans[first]!.start, spans[next]!.end).tokens <= tokensMax);
    while (last + 1 < spans.length && fits(last + 1)) {
      last += 1;
      tokens += costs[last]!;
    }
    let chunk = measure(spans[first]!.start, spans[last]!.end);
    // The tokens of joined text differ from the sum of its parts, so compare the maximum with the real count.
    while (chunk.tokens > tokensMax && last > first) {
      last -= 1;
      chunk = measure(spans[first]!.start, spans[last]!.end);
    }
    // A lead at the end belongs to what follows, unless the chunk would then have nothing that the one before has not.
    let withoutLead = last;
    while (withoutLead > first && spans[withoutLead]!.isLead) withoutLead -= 1;
    const isFollowed = last < spans.length - 1;
    const addsText = withoutLead > packedTo && !spans[withoutLead]!.isLead;
    if (isFollowed && withoutLead < last && addsText) {
      last = withoutLead;
      chunk = measure(spans[first]!.start, spans[last]!.end);
    }
    packed.push(chunk);
    packedTo = last;
    if (!isFollowed) break;
    let next = last + 1;
    let shared = 0;
    // The overlap must leave room for the first new span.
    const mayShare = (cost: number) => shared + cost <= Math.min(tokensOverlap, tokensTarget - costs[last + 1]!);
    while (next - 1 > first && mayShare(costs[next - 1]!)) {
      next -= 1;
      shared += costs[next]!;
    }
    first = next;
  }
  return packed;
};

/** A single space becomes part of the next word's token; any other gap is counted. */
const gapTokens = (gap: string): number => (gap === "" || gap === " " ? 0 : Math.max(1, countTokens(gap)));
