import { strToU8, zipSync } from "fflate";

/** A small file of one format, made here: what must be found in it, and what must not. */
export type Sample = {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** A phrase of its text; each is found in one sample only. */
  has: string;
  /** Text that its application does not show. */
  hides?: string;
  /** The code of the warning about it. */
  warning?: string;
  /** Other spellings of its words, which find it too. */
  spellings?: string[];
};

const text = (lines: string[]): Uint8Array<ArrayBuffer> => Uint8Array.from(strToU8(lines.join("\n")));
const archive = (parts: Record<string, string>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    zipSync(Object.fromEntries(Object.entries(parts).map(([name, content]) => [name, strToU8(content)]))),
  );

const ooxml = "http://schemas.openxmlformats.org";
const office = `${ooxml}/officeDocument/2006/relationships`;
const oasis = "urn:oasis:names:tc:opendocument:xmlns";
const relationships = (...targets: [id: string, type: string, target: string][]): string =>
  `<Relationships xmlns="${ooxml}/package/2006/relationships">${targets
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`)
    .join("")}</Relationships>`;
const contentTypes = `<Types xmlns="${ooxml}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`;
const packaged = (main: string, parts: Record<string, string>): Uint8Array<ArrayBuffer> =>
  archive({
    "[Content_Types].xml": contentTypes,
    "_rels/.rels": relationships(["r1", "officeDocument", main]),
    ...parts,
  });

/** An amount in a field, which is text, and a hidden remark, which is not. */
const docx = packaged("word/document.xml", {
  "word/document.xml": `<w:document xmlns:w="${ooxml}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t xml:space="preserve">The mooring costs </w:t></w:r><w:fldSimple w:instr="DOCPROPERTY Fee"><w:r><w:t>EUR 4,310</w:t></w:r></w:fldSimple><w:r><w:t xml:space="preserve"> a season.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve"> Our floor is quillwort.</w:t></w:r></w:p></w:body></w:document>`,
});

const slide = (words: string, isHidden = false): string =>
  `<p:sld xmlns:p="${ooxml}/presentationml/2006/main" xmlns:a="${ooxml}/drawingml/2006/main"${isHidden ? ' show="0"' : ""}><p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`;
const pptx = packaged("ppt/presentation.xml", {
  "ppt/presentation.xml": `<p:presentation xmlns:p="${ooxml}/presentationml/2006/main" xmlns:r="${office}"><p:sldIdLst><p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/></p:sldIdLst></p:presentation>`,
  "ppt/_rels/presentation.xml.rels": relationships(
    ["r1", "slide", "slides/slide1.xml"],
    ["r2", "slide", "slides/slide2.xml"],
  ),
  "ppt/slides/slide1.xml": slide("The launch of the kestrel buoy is in week 31"),
  "ppt/slides/slide2.xml": slide("Backup: the saltmarsh discount", true),
});

const sheet = (rows: string): string =>
  `<worksheet xmlns="${ooxml}/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;
const words = (at: string, value: string): string => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
/** A share that is shown as 37.5 %, and a hidden sheet. */
const xlsx = packaged("xl/workbook.xml", {
  "xl/workbook.xml": `<workbook xmlns="${ooxml}/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="Depots" sheetId="1" r:id="r1"/><sheet name="Ladder" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": relationships(
    ["r1", "worksheet", "worksheets/sheet1.xml"],
    ["r2", "worksheet", "worksheets/sheet2.xml"],
    ["r3", "styles", "styles.xml"],
  ),
  "xl/styles.xml": `<styleSheet xmlns="${ooxml}/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  "xl/worksheets/sheet1.xml": sheet(
    `<row r="1">${words("A1", "Depot")}${words("B1", "Town")}${words("C1", "Share")}</row><row r="2">${words("A2", "Heronry")}${words("B2", "Ustka")}<c r="C2" s="1"><v>0.375</v></c></row>`,
  ),
  "xl/worksheets/sheet2.xml": sheet(`<row r="1">${words("A1", "bracken rebate")}</row>`),
});

const openDocument = (kind: string, body: string): Uint8Array<ArrayBuffer> =>
  archive({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    "content.xml": `<office:document-content xmlns:office="${oasis}:office:1.0" xmlns:text="${oasis}:text:1.0" xmlns:table="${oasis}:table:1.0" xmlns:draw="${oasis}:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:body>${body}</office:body></office:document-content>`,
  });
const odt = openDocument(
  "text",
  "<office:text><text:p>The pilot of the plover lock<office:annotation><dc:creator>I</dc:creator><text:p>ask the tidewaiter</text:p></office:annotation> answers on channel 12.</text:p></office:text>",
);
const odp = openDocument(
  "presentation",
  '<office:presentation><draw:page draw:name="1"><draw:frame><draw:text-box><text:p>The dunlin pier opens at nine</text:p></draw:text-box></draw:frame></draw:page></office:presentation>',
);
const odsCell = (value: string) =>
  `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`;
const ods = openDocument(
  "spreadsheet",
  `<office:spreadsheet><table:table table:name="Rent"><table:table-row>${["Berth", "Boat", "Rent"].map(odsCell).join("")}</table:table-row><table:table-row>${["Wigeon 9", "Sloop", "EUR 77"].map(odsCell).join("")}</table:table-row></table:table></office:spreadsheet>`,
);

const epub = archive({
  mimetype: "application/epub+zip",
  "META-INF/container.xml":
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
  "c.opf":
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Knots</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
  "a.xhtml":
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Knots</title></head><body><p>The turnstone hitch holds in wet rope.</p></body></html>',
});

/** A page with two columns, which are written line by line, and one without text (ISO 32000-1, 7.5). */
const pdf = (lines: [left: string, right: string][]): Uint8Array<ArrayBuffer> => {
  const show = (x: number, at: number, line: string) => `BT /F1 11 Tf ${x} ${700 - 14 * at} Td (${line}) Tj ET`;
  const stream = lines.map(([left, right], at) => `${show(60, at, left)} ${show(320, at, right)}`).join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    // A page that draws and shows no text, as a scan.
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R >>",
    "<< /Length 20 >>\nstream\n0 0 595 842 re 0 g f\nendstream",
  ];
  let file = "%PDF-1.7\n";
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  return text([
    `${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`,
  ]);
};

/** One file of each format whose parts are text. */
export const samples: readonly Sample[] = [
  {
    name: "lights.pdf",
    bytes: pdf([
      ["The lights of the harbour are", "tern burns until 04:30, and the"],
      ["kept by the board of the town.", "lamp of the pier until sunrise."],
      ["Each of them has a number, and", "In a fog all of them burn, and"],
      ["a keeper is on duty at night.", "the horn sounds each minute."],
      ["In the summer the fairway lan-", "A list of them is in the hall."],
    ]),
    has: "fairway lantern burns until 04:30",
    warning: "pages-without-text",
  },
  {
    name: "mooring.docx",
    bytes: docx,
    has: "costs EUR 4,310 a season",
    hides: "quillwort",
    warning: "hidden-text-left-out",
  },
  {
    name: "launch.pptx",
    bytes: pptx,
    has: "kestrel buoy is in week 31",
    hides: "saltmarsh",
    warning: "hidden-slides-left-out",
  },
  {
    name: "depots.xlsx",
    bytes: xlsx,
    has: "Heronry | Town: Ustka | Share: 37.5%",
    hides: "bracken",
    warning: "hidden-sheets-left-out",
  },
  {
    name: "lock.odt",
    bytes: odt,
    has: "plover lock answers on channel 12",
    hides: "tidewaiter",
    warning: "comments-left-out",
  },
  { name: "pier.odp", bytes: odp, has: "dunlin pier opens at nine" },
  { name: "rent.ods", bytes: ods, has: "Wigeon 9 | Boat: Sloop | Rent: EUR 77" },
  { name: "knots.epub", bytes: epub, has: "turnstone hitch holds in wet rope" },
  {
    name: "dredger.rtf",
    bytes: text([
      "{\\rtf1\\ansi\\ansicpg1250 The dredger \\'a3\\'f3d\\'9f leaves on Friday.{\\v  Its owner is jackstay.}\\par}",
    ]),
    has: "dredger Łódź leaves on Friday",
    spellings: ["lodz"],
    hides: "jackstay",
    warning: "hidden-text-left-out",
  },
  {
    name: "letter.eml",
    bytes: text([
      "From: Ida <ida@resolve-prove.invalid>",
      "To: ben@resolve-prove.invalid",
      "Subject: The buoy",
      "Date: Mon, 23 Nov 2026 10:00:00 +0000",
      "MIME-Version: 1.0",
      "Content-Type: multipart/mixed; boundary=x",
      "",
      "--x",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "The garganey buoy is inspected in March.",
      "--x",
      'Content-Type: application/octet-stream; name="drawing.dwg"',
      "Content-Transfer-Encoding: base64",
      "",
      "AAECAwQFBgcICQ==",
      "--x--",
      "",
    ]),
    has: "garganey buoy is inspected in March",
    warning: "attachment-unread",
  },
  {
    name: "gate.html",
    bytes: text([
      '<!doctype html><title>Gate</title><p>The <b>avocet</b> gate opens at six.</p><p style="display:none">Tell them it is sphagnum.</p>',
    ]),
    has: "avocet gate opens at six",
    hides: "sphagnum",
    warning: "hidden-text-left-out",
  },
  {
    name: "fees.xml",
    bytes: text([
      '<?xml version="1.0" encoding="UTF-8"?><fees><fee quay="North">The sanderling fee is 120</fee></fees>',
    ]),
    has: "sanderling fee is 120",
  },
  {
    name: "crane.md",
    bytes: text(["# Crane", "", "The **whimbrel** crane lifts 48 tons."]),
    has: "crane lifts 48 tons",
  },
  {
    name: "crew.csv",
    bytes: text(["sep=;", "Name;Town;Fee", '"Nowak; Ida";Skua Bay;12,50']),
    has: "Name: Nowak; Ida | Town: Skua Bay | Fee: 12,50",
  },
  { name: "hull.json", bytes: text(['{"hull":"Merganser","number":9007199254740993}']), has: "9007199254740993" },
  {
    name: "log.ndjson",
    bytes: text(['{"entry":"The pochard bell rang"}', "{broken", '{"entry":"The fog lifted"}']),
    has: "pochard bell rang",
    warning: "lines-malformed",
  },
  {
    name: "note.txt",
    bytes: text(["The smew key of Frau Müller hangs there."]),
    has: "smew key of Frau Müller hangs there",
    spellings: ["Muller", "MUELLER"],
  },
];
