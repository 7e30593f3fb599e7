import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { extract } from "../../extract.ts";
import { defaultLimits, type Extraction, ExtractionFailure, type ExtractionLimits } from "../../extraction.ts";

/** Enough pages for two threads. */
const pages = 240;
const numbers = Array.from({ length: pages }, (_, at) => at + 1);
const pageText = (number: number) => `Page ${number} ${"word ".repeat(number % 7)}ends`;
const draw = (text: string) => `BT /F1 12 Tf 20 700 Td (${text}) Tj ET`;

const object = (id: number, dictionary: string) => `${id} 0 obj << ${dictionary} >> endobj`;
const stream = (id: number, dictionary: string, content: string) =>
  `${id} 0 obj << ${dictionary} /Length ${content.length} >> stream\n${content}\nendstream endobj`;
const pageId = (number: number) => 1000 + 2 * number;

type Options = { content?: (number: number) => string; damagedPage?: number; trailer?: string; forms?: string[] };

/** A PDF without a cross-reference table: PDFium then finds the objects itself. */
const pdf = ({ content = (number) => draw(pageText(number)), damagedPage, trailer = "", forms = [] }: Options = {}) =>
  Buffer.from(
    [
      "%PDF-1.4",
      object(1, "/Type /Catalog /Pages 2 0 R"),
      object(
        2,
        `/Type /Pages /Count ${pages} /Kids [${numbers.map((number) => `${pageId(number)} 0 R`).join(" ")}]
         /MediaBox [0 0 9000 800] /Resources << /Font << /F1 3 0 R >> /XObject << /X0 10 0 R >> >>`,
      ),
      object(3, "/Type /Font /Subtype /Type1 /BaseFont /Helvetica"),
      ...forms,
      ...numbers.flatMap((number) => [
        number === damagedPage
          ? `${pageId(number)} 0 obj null endobj`
          : object(pageId(number), `/Type /Page /Parent 2 0 R /Contents ${pageId(number) + 1} 0 R`),
        stream(pageId(number) + 1, "", content(number)),
      ]),
      `trailer << /Root 1 0 R ${trailer} >>`,
    ].join("\n"),
  );

const outcome = async (bytes: Buffer, limits: Partial<ExtractionLimits> = {}): Promise<Extraction | string> => {
  try {
    return await extract(bytes, { name: "a.pdf" }, { ...defaultLimits, ...limits });
  } catch (error) {
    if (error instanceof ExtractionFailure) return error.code;
    throw error;
  }
};

test("two threads read every page once and keep the order of the pages", async () => {
  const { text, blocks, pages: read } = (await outcome(pdf())) as Extraction;
  expect(read).toBe(pages);
  expect(blocks.map(({ page, start, end }) => [page, text.slice(start, end)])).toEqual(
    numbers.map((number) => [number, pageText(number)]),
  );
});

test("the extraction of a large document fails with the same reason, whichever thread finds it", async () => {
  expect(await outcome(pdf(), { pagesMax: pages - 1 })).toBe("too-many-pages");
  expect(await outcome(pdf(), { charsMax: 1000 })).toBe("too-large");
  // The limit is for all threads together.
  const chars = numbers.map(pageText).join("").length;
  expect(await outcome(pdf(), { charsMax: Math.round(chars * 0.9) })).toBe("too-large");
  expect(await outcome(pdf({ content: () => "" }))).toBe("no-text");
  const encryption = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${"00".repeat(32)}> /U <${"11".repeat(32)}> >> /ID [<00> <00>]`;
  expect(await outcome(pdf({ trailer: encryption }))).toBe("encrypted");
  for (const damagedPage of [1, 100, pages])
    expect(await outcome(pdf({ damagedPage })), `page ${damagedPage}`).toBe("corrupt");
});

/** Seven nested forms, each of which draws the next one ten times: ten million words. */
const forms = Array.from({ length: 7 }, (_, depth) =>
  stream(
    10 + depth,
    `/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /Font << /F1 3 0 R >> /XObject << /X${depth + 1} ${11 + depth} 0 R >> >>`,
    depth === 6 ? draw("word") : `/X${depth + 1} Do `.repeat(10),
  ),
);
const threads = () => readdirSync("/proc/self/task").length;

test.skipIf(!existsSync("/proc/self/task"))(
  "all threads of a document end with it, also when it exceeds a limit",
  async () => {
    await outcome(pdf());
    const before = threads();
    const bomb = pdf({ forms, content: () => "/X0 Do" });
    expect(await outcome(bomb, { timeoutSeconds: 2 })).toBe("extraction-timeout");
    await expect.poll(threads, { timeout: 5000 }).toBeLessThanOrEqual(before);
    expect(await outcome(pdf(), { charsMax: 1000 })).toBe("too-large");
    await expect.poll(threads, { timeout: 5000 }).toBeLessThanOrEqual(before);
  },
);
