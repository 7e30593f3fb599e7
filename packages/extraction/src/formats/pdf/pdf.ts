import { availableParallelism } from "node:os";
import { ExtractionFailure, type ExtractionLimits, type Reading } from "../../extraction.ts";
import { type PagesTask, readerThread } from "../../tasks.ts";
import { runInThread } from "../../thread.ts";
import type { Reader } from "../reader.ts";
import { addParagraphs } from "../text.ts";
import type { TextBuilder } from "../text-builder.ts";
import { readAttachments } from "./attachments.ts";
import { blocksOf, styleOf } from "./blocks.ts";
import type { Fonts } from "./characters.ts";
import { continuedTables } from "./continued-tables.ts";
import { footOf, joinCutSentence, withoutMarks } from "./foot.ts";
import { wordsOf } from "./hyphens.ts";
import type { PageText } from "./layout.ts";
import { readPage } from "./page.ts";
import { open, type Pdf } from "./pdfium.ts";
import { findRunning } from "./running.ts";

/** A second thread starts reading after 0.2 s, in which the first one reads about 80 pages (measured). */
const pagesAloneMax = 100;
/** Each thread has two copies of the file: the input and PDFium's memory. */
const sharedBytesMax = 64 * 1024 ** 2;

/**
 * Indexes of the counters that the threads of a document share: the next unread page, and the characters read so far.
 */
const [nextPage, charsRead] = [0, 1];

/** Reads large documents with two threads, which take page after page. The text is the same as with one thread. */
export const readPdf: Reader = async (bytes, builder, options) => {
  const { limits, reading } = options;
  const pdf = await open(bytes);
  const count = pdf.pages;
  if (count === 0) throw new ExtractionFailure("corrupt");
  if (count > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const isShared = count > pagesAloneMax && bytes.length <= sharedBytesMax && availableParallelism() > 1;
  // Pages that the other thread failed to read are read below, and fail there for the same reason.
  const others = isShared ? readByOther({ task: "pages", bytes, progress, reading }, limits) : undefined;
  const own = takePages(pdf, progress, limits, reading);
  const theirs = await others;
  if ((progress[charsRead] ?? 0) > limits.charsMax) throw new ExtractionFailure("too-large");
  const fonts: Fonts = new Map();
  const pages: PageText[] = [];
  for (let number = 0; number < count; number++)
    pages.push(own.get(number) ?? theirs?.get(number) ?? readPage(pdf, number, fonts, reading));
  addPages(pages, builder);
  await readAttachments(pdf, pages, builder, options);
  return count;
};

/** Returns undefined when the other thread fails. */
const readByOther = (task: PagesTask, limits: ExtractionLimits): Promise<Map<number, PageText> | undefined> =>
  runInThread<Map<number, PageText>>(readerThread, task, limits).catch(() => undefined);

/** Reads pages in the second thread. */
export const readPages = async ({
  bytes,
  progress,
  limits,
  reading,
}: PagesTask & { limits: ExtractionLimits }): Promise<Map<number, PageText>> =>
  takePages(await open(bytes), progress, limits, reading);

const takePages = (
  pdf: Pdf,
  progress: Int32Array,
  { charsMax }: ExtractionLimits,
  reading: Reading,
): Map<number, PageText> => {
  const fonts: Fonts = new Map();
  const texts = new Map<number, PageText>();
  try {
    for (
      let number = Atomics.add(progress, nextPage, 1);
      number < pdf.pages;
      number = Atomics.add(progress, nextPage, 1)
    ) {
      const page = readPage(pdf, number, fonts, reading);
      texts.set(number, page);
      const chars = Atomics.add(progress, charsRead, page.chars) + page.chars;
      if (chars > charsMax) throw new ExtractionFailure("too-large");
    }
    return texts;
  } catch (error) {
    // Stops the other thread.
    Atomics.store(progress, nextPage, pdf.pages);
    throw error;
  }
};

/** Adds the blocks of all pages: what is a heading, a header or a compound word depends on the whole document. */
const addPages = (pages: readonly PageText[], builder: TextBuilder): void => {
  const style = styleOf(pages, wordsOf(linesOf(pages)));
  const running = findRunning(pages, style.bodySize);
  const bodies = pages.map(({ lines }) => lines.filter((line) => !running.isRunning(line)));
  const continued = continuedTables(bodies);
  const feet = bodies.map((lines, at) => (pages[at]!.isPlain ? undefined : footOf(lines, style.bodySize, style.words)));
  const texts = feet.map((foot) => (foot ? withoutMarks(blocksOf(foot.body, style, continued), foot.notes) : []));
  for (let at = 1; at < texts.length; at++) joinCutSentence(texts[at - 1]!, texts[at]!, style.words);
  for (const [at, { lines, hidden, comments, source }] of pages.entries()) {
    const page = at + 1;
    const place = `page ${page}`;
    builder.addSource(source);
    if (hidden > 0) builder.warn("hidden-text-left-out", place, hidden);
    if (comments > 0) builder.warn("comments-left-out", place, comments);
    const addRunning = (side: "top" | "bottom") => {
      for (const line of lines) {
        const text = line.edge === side ? running.shownText(line) : undefined;
        if (text !== undefined) builder.add({ kind: side === "top" ? "header" : "footer", text, page });
      }
    };
    addRunning("top");
    const foot = feet[at];
    if (foot) {
      for (const block of texts[at]!) builder.add({ ...block, page });
      for (const text of foot.notes) builder.add({ kind: "note", text, page });
      for (const block of blocksOf(foot.rest, style)) builder.add({ ...block, page });
    } else addParagraphs(builder, bodies[at]!.map(({ text }) => text).join("\n"), { page });
    addRunning("bottom");
  }
};

function* linesOf(pages: readonly PageText[]): Generator<string> {
  for (const { lines, isPlain } of pages) if (!isPlain) for (const { text } of lines) yield text;
}
