/**
 * Compares the words that the extraction finds in Office files with those that LibreOffice shows: `npm run oracle`, or
 * `npm run oracle -- file …`. Needs `soffice`; not part of CI. A difference is a fault, or an entry of
 * oracle-exceptions.json with its reason.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { extract } from "../packages/extraction/src/extract.ts";
import { childOf, elementsOf, parseXml, textIn } from "../packages/extraction/src/formats/xml/tree.ts";
import { sharedData } from "./shared-data.ts";

const writer = /\.(docx|docm|dotx|odt|fodt|rtf)$/i;
const impress = /\.(pptx|pptm|ppsx|odp|fodp)$/i;
const calc = /\.(xlsx|xlsm|xlsb|xls|ods)$/i;
const isOffice = (file) => writer.test(file) || impress.test(file) || calc.test(file);

/** Files of a folder, or the file itself. */
const filesIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter(isOffice)
        .map((name) => join(path, name))
    : [path];

const exceptionsFile = new URL("oracle-exceptions.json", import.meta.url);
/** `{ file, missing, extra, reason }`: words that may differ; "*" stands for all. */
const exceptions = JSON.parse(readFileSync(exceptionsFile, "utf8"));
const isExcepted = (file, kind, word) =>
  exceptions.some(
    (one) => one.file === basename(file) && (one[kind] ?? []).some((words) => words === "*" || words === word),
  );

const folder = mkdtempSync(join(tmpdir(), "oracle-"));
const allSheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/** Files per run of LibreOffice, whose start takes seconds. */
const batchFiles = 40;

/** Converts files and returns for each the files that come out. */
const convert = (files, filter) => {
  const texts = new Map(files.map((file) => [file, []]));
  for (let start = 0; start < files.length; start += batchFiles) {
    const batch = files.slice(start, start + batchFiles);
    const [input, output] = [mkdtempSync(join(folder, "in-")), mkdtempSync(join(folder, "out-"))];
    const copies = batch.map((file, at) => join(input, `${at}_${extname(file).toLowerCase()}`));
    for (const [at, file] of batch.entries()) copyFileSync(file, copies[at]);
    const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
    const options = { stdio: "ignore", timeout: 600_000 };
    execFileSync("soffice", [profile, "--headless", "--convert-to", filter, "--outdir", output, ...copies], options);
    for (const name of readdirSync(output))
      texts.get(batch[Number.parseInt(name, 10)])?.push({ name, text: readFileSync(join(output, name), "utf8") });
  }
  return texts;
};

/** Text of the paragraphs below an element. Elements for which `isSkipped` is true are passed over. */
const paragraphs = (element, isSkipped = () => false) =>
  elementsOf(element).flatMap((child) => {
    if (isSkipped(child)) return [];
    if (child.name !== "text:p" && child.name !== "text:h") return paragraphs(child, isSkipped);
    return [spaced(child), ...elementsOf(child).flatMap((inner) => paragraphs(inner, isSkipped))];
  });
/** The text of a paragraph, in which a tab or a break separates words. */
const spaced = (element) =>
  element.children
    .map((child) => {
      if (typeof child === "string") return child;
      if (/^text:(tab|s|line-break)$/.test(child.name)) return " ";
      return /^(draw:|office:annotation|text:note$)/.test(child.name) ? "" : spaced(child);
    })
    .join("");

const hiddenStyles = (document) =>
  new Set(
    elementsOf(childOf(document, "office:automatic-styles"))
      .filter(
        (style) => childOf(style, "style:drawing-page-properties")?.attributes["presentation:visibility"] === "hidden",
      )
      .map(({ attributes }) => attributes["style:name"]),
  );

/** For each file what LibreOffice shows, and all words that it found, shown or not. */
const references = (files) => {
  const [texts, slides, sheets] = [writer, impress, calc].map((kind) => files.filter((file) => kind.test(file)));
  const result = new Map();
  for (const [file, tables] of convert(sheets, allSheets)) {
    const shown = tables.map(({ text }) => text).join("\n");
    // The file of a sheet has its name.
    result.set(file, { shown, all: [shown, ...tables.map(({ name }) => name)].join("\n") });
  }
  const plain = convert(texts, "txt:Text (encoded):UTF8");
  for (const [file, [flat]] of convert(texts, "fodt")) {
    if (flat === undefined) continue;
    const shown = plain.get(file)[0]?.text ?? "";
    const document = parseXml(flat.text);
    result.set(file, { shown, all: [textsOf(document), shown].join("\n"), leftOut: leftOutOf(document) });
  }
  for (const [file, [flat]] of convert(slides, "fodp")) {
    if (flat === undefined) continue;
    const document = parseXml(flat.text);
    result.set(file, { shown: shownOnSlides(document), all: textsOf(document) });
  }
  return result;
};

/** All texts of a document; a word may be in several elements, and elements without text between them are words of their own. */
const textsOf = (document) => [textIn(childOf(document, "office:body")), ...paragraphs(document)].join("\n");

/** Deleted and hidden words, which LibreOffice writes to plain text all the same. */
const leftOutOf = (document) => {
  const isHidingStyle = (style) => childOf(style, "style:text-properties")?.attributes["text:display"] === "none";
  const hiding = new Set(
    ["office:styles", "office:automatic-styles"]
      .flatMap((name) => elementsOf(childOf(document, name)).filter(isHidingStyle))
      .map(({ attributes }) => attributes["style:name"]),
  );
  const texts = (element) =>
    elementsOf(element).flatMap((child) =>
      child.name === "text:tracked-changes" || hiding.has(child.attributes["text:style-name"])
        ? [textIn(child), ...paragraphs(child)]
        : texts(child),
    );
  return texts(childOf(document, "office:body")).join("\n");
};

const shownOnSlides = (document) => {
  const hidden = hiddenStyles(document);
  const slides = elementsOf(childOf(childOf(document, "office:body"), "office:presentation"), "draw:page");
  const isPrompt = ({ name, attributes }) =>
    attributes["presentation:placeholder"] === "true" ||
    /^(office:)?annotation$/.test(name) ||
    /^(page-number|header|footer|date-time)$/.test(attributes["presentation:class"] ?? "");
  const shown = slides.filter(({ attributes }) => !hidden.has(attributes["draw:style-name"]));
  return shown.flatMap((slide) => paragraphs(slide, isPrompt)).join("\n");
};

const count = (text) => {
  const words = new Map();
  for (const [word] of text
    .normalize("NFKC")
    .replace(/\u00ad/g, "")
    .matchAll(/[\p{L}\p{N}\p{M}]+/gu))
    words.set(word, (words.get(word) ?? 0) + 1);
  return words;
};

/** LibreOffice writes the mark of a note to the word before it: "harbour1". */
const withoutMark = (word) => word.replace(/(?<=\p{L})(\d{1,3}|[ivx]{1,4})$/u, "");
/** Numbers of list items, which the text of a slide does not contain. */
const isLabel = (word) => /^(\d{1,3}|[a-z]{1,2}|[ivxl]+)$/i.test(word);

/** Words that LibreOffice shows more often, and words that it has nowhere, or less often outside tables. */
const compare = (file, extraction, { shown, all, leftOut = "" }) => {
  const found = count(extraction.text);
  const tables = extraction.blocks.filter(({ kind }) => kind === "table" || kind === "caption");
  const repeated = count(tables.map(({ start, end }) => extraction.text.slice(start, end)).join("\n"));
  const [wanted, known] = [count(shown), count(all)];
  const timesKnown = (word) => Math.max(known.get(word) ?? 0, wanted.get(word) ?? 0);
  const missable = count(leftOut);
  const timesFound = (word) => (found.get(word) ?? found.get(withoutMark(word)) ?? 0) + (missable.get(word) ?? 0);
  const missing = [...wanted].filter(([word, times]) => times > timesFound(word));
  const extra = [...found].filter(([word, times]) => {
    if (impress.test(file) && isLabel(word)) return false;
    return repeated.has(word) ? !known.has(word) : times > timesKnown(word);
  });
  const unexcepted = (kind, words) => words.map(([word]) => word).filter((word) => !isExcepted(file, kind, word));
  return { missing: unexcepted("missing", missing), extra: unexcepted("extra", extra) };
};

const given = process.argv.slice(2);
const defaults = [sharedData("documents/files"), sharedData("cases/files")].filter((path) => path !== undefined);
const files = (given.length > 0 ? given : defaults).filter((path) => existsSync(path)).flatMap(filesIn);
let faults = 0;
try {
  const known = references(files);
  for (const file of files) {
    const reference = known.get(file);
    const extraction = await extract(readFileSync(file), { name: basename(file) }).catch(({ code }) => code);
    if (typeof extraction === "string" || !reference) {
      console.log(`unread    ${basename(file)}: ${reference ? extraction : "LibreOffice does not open it"}`);
      continue;
    }
    const { missing, extra } = compare(file, extraction, reference);
    if (missing.length + extra.length === 0) continue;
    faults += 1;
    console.log(`different ${basename(file)}`);
    if (missing.length > 0) console.log(`  missing: ${missing.slice(0, 40).join(" ")}`);
    if (extra.length > 0) console.log(`  extra:   ${extra.slice(0, 40).join(" ")}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${files.length} files, ${faults} with differences`);
process.exitCode = faults > 0 ? 1 : 0;
