/** Makes Word files for tests. */

import type { Extraction, Reading } from "../../extraction.ts";
import { archiveOf, escapeXml, relationshipsXml } from "../testing/package.ts";
import { warningsOf as countsOf, readAs } from "../testing/read.ts";

/** The parts of a Word file that a test gives; the rest is made. A part's relationships follow from `links`. */
export type WordFile = {
  body: string;
  styles?: string;
  numbering?: string;
  footnotes?: string;
  endnotes?: string;
  comments?: string;
  settings?: string;
  /** Further parts by name: type of relationship, and content. Their relationship's id is the name. */
  links?: Record<string, { type: string; content: string | Uint8Array; from?: string }>;
  strict?: boolean;
};

const spaces = {
  w: "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
  r: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
  m: "http://schemas.openxmlformats.org/officeDocument/2006/math",
  a: "http://schemas.openxmlformats.org/drawingml/2006/main",
  c: "http://schemas.openxmlformats.org/drawingml/2006/chart",
  dgm: "http://schemas.openxmlformats.org/drawingml/2006/diagram",
  pic: "http://schemas.openxmlformats.org/drawingml/2006/picture",
  wp: "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
  wps: "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
  mc: "http://schemas.openxmlformats.org/markup-compatibility/2006",
  v: "urn:schemas-microsoft-com:vml",
  o: "urn:schemas-microsoft-com:office:office",
};
const declarations = Object.entries(spaces)
  .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  .join("");

const strictly = (xml: string): string =>
  xml
    .replaceAll(
      "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
      "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    .replaceAll("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/");

/** The bytes of a Word file. Elements of parts have the usual prefixes. */
export const wordFile = ({ body, links = {}, strict = false, ...parts }: WordFile): Uint8Array => {
  const files: Record<string, string | Uint8Array> = {};
  const add = (name: string, xml: string) => {
    files[name] = strict ? strictly(xml) : xml;
  };
  const part = (root: string, content: string) => `<w:${root}${declarations}>${content}</w:${root}>`;
  add("word/document.xml", part("document", `<w:body>${body}</w:body>`));
  const relationships = new Map<string, Record<string, [type: string, target: string]>>();
  const relate = (from: string, id: string, type: string, target: string) => {
    relationships.set(from, { ...relationships.get(from), [id]: [type, target] });
  };
  relate("", "main", "officeDocument", "word/document.xml");
  for (const [type, content] of Object.entries(parts)) {
    add(`word/${type}.xml`, part(type, content));
    relate("word/document.xml", type, type, `${type}.xml`);
  }
  for (const [name, { type, content, from = "word/document.xml" }] of Object.entries(links)) {
    if (typeof content === "string") add(`word/${name}`, content.replace(/^<([\w:]+)/, `<$1${declarations}`));
    else files[`word/${name}`] = content;
    relate(from, name, type, `/word/${name}`);
  }
  for (const [from, list] of relationships) {
    const at = from.lastIndexOf("/") + 1;
    add(`${from.slice(0, at)}_rels/${from.slice(at)}.rels`, relationshipsXml(list));
  }
  add(
    "[Content_Types].xml",
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="dat" ContentType="text/html"/></Types>',
  );
  return archiveOf(files);
};

export const readWord = (file: WordFile, reading?: Reading): Promise<Extraction> =>
  readAs(wordFile(file), "a.docx", reading ? { reading } : {});

/** The blocks of a file as "kind: text". */
export const blocksOf = async (file: WordFile, reading?: Reading): Promise<string[]> => {
  const { text, blocks } = await readWord(file, reading);
  return blocks.map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
};

/** How often each kind of warning was given. */
export const warningsOf = async (file: WordFile): Promise<Record<string, number>> => countsOf(await readWord(file));

/** A run, with its properties. */
export const run = (text: string, properties = ""): string =>
  `<w:r>${properties === "" ? "" : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`;
/** A paragraph of runs, with its properties. */
export const paragraph = (content: string, properties = ""): string =>
  `<w:p>${properties === "" ? "" : `<w:pPr>${properties}</w:pPr>`}${content}</w:p>`;
export const words = (text: string, properties = ""): string => paragraph(run(text), properties);
export const cell = (content: string, properties = ""): string =>
  `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`;
export const row = (cells: string, properties = ""): string => `<w:tr><w:trPr>${properties}</w:trPr>${cells}</w:tr>`;
export const table = (rows: string, properties = ""): string =>
  `<w:tbl><w:tblPr>${properties}</w:tblPr>${rows}</w:tbl>`;
/** A field in single runs, as Word writes it. */
export const field = (code: string, result: string | undefined, data = ""): string =>
  `<w:r><w:fldChar w:fldCharType="begin">${data}</w:fldChar></w:r><w:r><w:instrText xml:space="preserve">${escapeXml(code)}</w:instrText></w:r>${
    result === undefined ? "" : `<w:r><w:fldChar w:fldCharType="separate"/></w:r>${result}`
  }<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
