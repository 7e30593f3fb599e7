/** Writes small PDF files for tests. */
export type TestPdf = {
  /** The content stream of each page. */
  pages: readonly string[];
  /** Further objects by number, from 100. */
  objects?: Readonly<Record<number, string>>;
  /** Entries of the catalogue and of each page. */
  catalog?: string;
  page?: string;
  fonts?: string;
  resources?: string;
};

export const testPdf = ({
  pages,
  objects = {},
  catalog = "",
  page = "",
  fonts = "",
  resources = "",
}: TestPdf): Buffer => {
  const font = (id: number, name: string) =>
    `${id} 0 obj << /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >> endobj`;
  const kids = pages.map((_, at) => `${10_000 + 2 * at} 0 R`).join(" ");
  return Buffer.from(
    [
      "%PDF-1.7",
      `1 0 obj << /Type /Catalog /Pages 2 0 R ${catalog} >> endobj`,
      `2 0 obj << /Type /Pages /Count ${pages.length} /Kids [${kids}] /MediaBox [0 0 600 800]
        /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R ${fonts} >> ${resources} >> >> endobj`,
      font(3, "Helvetica"),
      font(4, "Helvetica-Bold"),
      font(5, "Courier"),
      ...Object.entries(objects).map(([id, body]) => `${id} 0 obj ${body} endobj`),
      ...pages.flatMap((content, at) => [
        `${10_000 + 2 * at} 0 obj << /Type /Page /Parent 2 0 R /Contents ${10_001 + 2 * at} 0 R ${page} >> endobj`,
        `${10_001 + 2 * at} 0 obj ${streamOf(content)} endobj`,
      ]),
      "trailer << /Root 1 0 R >>",
    ].join("\n"),
    "latin1",
  );
};

export const streamOf = (content: string, dictionary = ""): string =>
  `<< ${dictionary} /Length ${content.length} >> stream\n${content}\nendstream`;

/** Shows a text with its baseline at x and y. `state` is a list of operators before it, such as a colour. */
export const show = (x: number, y: number, text: string, { size = 11, font = "F1", state = "" } = {}): string =>
  `q BT ${state} /${font} ${size} Tf ${x} ${y} Td (${text.replace(/[\\()]/g, "\\$&")}) Tj ET Q\n`;

/** Shows lines below each other. */
export const showLines = (
  x: number,
  y: number,
  lines: readonly string[],
  options?: Parameters<typeof show>[3],
): string => lines.map((line, at) => show(x, y - 14 * at, line, options)).join("");

export const line = (x1: number, y1: number, x2: number, y2: number): string => `${x1} ${y1} m ${x2} ${y2} l S\n`;
