import { type Block, defaultLimits, type Extraction } from "@resolve/extraction/extraction";
import { runInThread } from "@resolve/extraction/thread";
import { countTokens, tokenCounter } from "./tokens.ts";

/** A piece of the text that is found and cited as one: `text.slice(charStart, charEnd)` of the extraction is it, exactly. */
export type Chunk = {
  ordinal: number;
  text: string;
  page: number | null;
  /** Headings above it, outermost first. */
  headings: string[];
  charStart: number;
  charEnd: number;
  tokens: number;
};

/** Tokens (o200k) a chunk aims at, must not pass, and shares with the one before. */
const tokensTarget = 400;
const tokensMax = 512;
const tokensOverlap = 50;
const headingCharsMax = 200;

type Span = { start: number; end: number; tokens: number };
/** Counts a piece of the text. */
type Measure = (start: number, end: number) => Span;
type Section = { headings: string[]; spans: Span[]; pageAt: (start: number) => number | null };

/**
 * Cuts a text along its structure: never across a heading, tables whole where they fit, else at sentences, else at
 * words. Chunks of one section overlap by whole sentences. Deterministic: the same text gives the same chunks.
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
        page: section.pageAt(start),
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
 * A thread that starts to chunk is slower by 0.5 s. Here so many characters take 0.6 s; at the worst, in words just shorter
 * than these, 14 s, after which a lease still holds. Longer words are slow without a bound: 55 s a million (measured).
 */
const charsHereMax = 4_000_000;
const longWord = /\S{200}/;

/**
 * The chunks of a text. One that would keep this thread from renewing its lease is cut in a thread of its own, bounded
 * as reading is.
 *
 * @throws ExtractionFailure
 */
export const chunk = async (extraction: Extraction, limits = defaultLimits): Promise<Chunk[]> =>
  extraction.text.length > charsHereMax || longWord.test(extraction.text)
    ? runInThread(chunkThread, { extraction }, limits)
    : chunkText(extraction);

/** Beside this file in the sources, beside the bundle in a Lambda. */
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
      spans: own.flatMap((block) => spansOf(text, block, measure)),
      pageAt: own.some(({ page }) => page !== undefined)
        ? (start) => own.findLast((block) => block.start <= start)?.page ?? null
        : () => null,
    });
    current = [];
  };
  for (const block of blocks) {
    // A page is cited as one: no chunk of a PDF runs over its end.
    if (block.page !== current.at(-1)?.page) close();
    if (block.kind === "heading") {
      // A heading without a body stays with what follows it, in the path and in the text.
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

/** A block as pieces of at most `tokensMax`: itself, or its sentences, lines, or runs of words. */
const spansOf = (text: string, block: Block, measure: Measure): Span[] => {
  if (block.kind === "paragraph") return sentencesOf(text, block, measure);
  const whole = measure(block.start, block.end);
  if (whole.tokens <= (block.kind === "table" ? tokensMax : tokensTarget)) return [whole];
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

/** Cuts what is still too long at spaces, and where there are none between characters. */
const bounded = (text: string, span: Span, measure: Measure): Span[] => {
  if (span.tokens <= tokensMax) return [span];
  const middle = Math.floor((span.start + span.end) / 2);
  const space = text.lastIndexOf(" ", middle);
  let cut = space > span.start + (middle - span.start) / 2 ? space : middle;
  // Never between the halves of a surrogate pair.
  if (/[\udc00-\udfff]/.test(text[cut]!) && /[\ud800-\udbff]/.test(text[cut - 1]!)) cut -= 1;
  const right = cut + (/\s/.test(text[cut]!) ? 1 : 0);
  const halves = [measure(span.start, cut), measure(right, span.end)];
  return halves.flatMap((half) => bounded(text, half, measure)).filter(({ start, end }) => end > start);
};

/** Above this many characters a text cannot fit, whatever its tokens; counting them would only take time. */
const charsCountedMax = 20_000;

/** Above this many characters the words of a text, which stay in memory, are too many. */
const charsRememberedMax = 4_000_000;

const measureOf = (text: string): Measure => {
  const count =
    text.length > charsRememberedMax
      ? (start: number, end: number) => countTokens(text.slice(start, end))
      : tokenCounter(text);
  return (start, end) => ({ start, end, tokens: end - start > charsCountedMax ? end - start : count(start, end) });
};

/** Fills chunks up to the target; each begins with the last sentences of the one before. */
const pack = (text: string, spans: Span[], measure: Measure): Span[] => {
  const packed: Span[] = [];
  // The gap to the next span becomes part of the chunk, and costs tokens too.
  const costs = spans.map(({ end, tokens }, at) => tokens + gapTokens(text.slice(end, spans[at + 1]?.start ?? end)));
  let first = 0;
  while (first < spans.length) {
    let last = first;
    let tokens = costs[first]!;
    while (last + 1 < spans.length && tokens + costs[last + 1]! <= tokensTarget) {
      last += 1;
      tokens += costs[last]!;
    }
    let chunk = measure(spans[first]!.start, spans[last]!.end);
    // Joined text may take other tokens than its parts; the maximum is held against the real count.
    while (chunk.tokens > tokensMax && last > first) {
      last -= 1;
      chunk = measure(spans[first]!.start, spans[last]!.end);
    }
    packed.push(chunk);
    if (last === spans.length - 1) break;
    let next = last + 1;
    let shared = 0;
    while (
      next - 1 > first &&
      shared + costs[next - 1]! <= tokensOverlap &&
      shared + costs[next - 1]! + costs[last + 1]! <= tokensTarget
    ) {
      next -= 1;
      shared += costs[next]!;
    }
    first = next;
  }
  return packed;
};

/** A single space joins the word after it; any other gap is counted. */
const gapTokens = (gap: string): number => (gap === "" || gap === " " ? 0 : Math.max(1, countTokens(gap)));
