import { ExtractionFailure } from "../../extraction.ts";
import { readHtml } from "../html/index.ts";
import type { DocumentBlock } from "../model.ts";
import { Package, resolved } from "../package/package.ts";
import type { Reader, ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

type Item = { name: string; mediaType: string; properties: string; fallback: string | undefined };

/** Reads the chapters of an EPUB 2 or 3 in the order of its spine (EPUB 3.3, 5.7). */
export const readEpub: Reader = async (bytes, builder, options) => {
  const parts = new Package(bytes);
  const container = parts.xml("META-INF/container.xml");
  const opf = descendants(container, "rootfile").map(({ attributes }) => attributes["full-path"])[0];
  const root = opf === undefined ? undefined : parts.xml(opf);
  if (opf === undefined || !root) throw new Error("no package document");
  const items = new Map(
    descendants(root, "item").map(({ attributes }): [string, Item] => [
      attributes["id"] ?? "",
      {
        name: partName(opf, attributes["href"] ?? ""),
        mediaType: attributes["media-type"] ?? "",
        properties: attributes["properties"] ?? "",
        fallback: attributes["fallback"],
      },
    ]),
  );
  const spine = descendants(root, "itemref").flatMap(({ attributes }) => readable(attributes["idref"], items) ?? []);
  const chapters = [...new Set(spine)];
  const encrypted = encryptedParts(parts);
  if (chapters.some(({ name }) => encrypted.has(name))) throw new ExtractionFailure("encrypted");
  const titles = chapterTitles(parts, items);
  for (const chapter of chapters) await readChapter(chapter, parts, titles.get(chapter.name), builder, options);
  return null;
};

const localName = ({ name }: XmlElement): string => name.slice(name.indexOf(":") + 1);

/** The elements of a local name: old packages have another namespace, or none. */
const descendants = (element: XmlElement | undefined, name: string): XmlElement[] =>
  elementsOf(element).flatMap((child) => [...(localName(child) === name ? [child] : []), ...descendants(child, name)]);

/** The name of the part that a reference means, seen from another part. References are percent-encoded and may have a fragment. */
const partName = (from: string, reference: string): string => {
  const path = reference.split(/[#?]/, 1)[0] ?? "";
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  try {
    return resolved(folder, decodeURIComponent(path));
  } catch {
    return resolved(folder, path);
  }
};

const isChapter = ({ mediaType }: Item): boolean =>
  /^(application\/xhtml\+xml|text\/html|text\/x-oeb1-document)\b/i.test(mediaType);

/** The item, or the first one among its fallbacks that is a chapter; undefined for an unknown item. */
const readable = (id: string | undefined, items: ReadonlyMap<string, Item>): Item | undefined => {
  const first = items.get(id ?? "");
  let item = first;
  for (let left = items.size; item && !isChapter(item) && left > 0; left--) item = items.get(item.fallback ?? "");
  return item ?? first;
};

/** Fonts that are only obscured do not concern the text. */
const fontObfuscation: ReadonlySet<string | undefined> = new Set([
  "http://www.idpf.org/2008/embedding",
  "http://ns.adobe.com/pdf/enc#RC",
]);

const encryptedParts = (parts: Package): Set<string> => {
  const data = descendants(parts.xml("META-INF/encryption.xml"), "EncryptedData");
  const names = data.flatMap((one) => {
    const [method] = descendants(one, "EncryptionMethod");
    if (fontObfuscation.has(method?.attributes["Algorithm"])) return [];
    return descendants(one, "CipherReference").map(({ attributes }) => partName("", attributes["URI"] ?? ""));
  });
  return new Set(names);
};

/** The title of each chapter in the table of contents: of EPUB 3, or else of EPUB 2. */
const chapterTitles = (parts: Package, items: ReadonlyMap<string, Item>): Map<string, string> => {
  const titles = new Map<string, string>();
  const add = (from: string, reference: string | undefined, text: string) => {
    const name = partName(from, reference ?? "");
    if (!titles.has(name)) titles.set(name, text.replace(/\s+/g, " ").trim());
  };
  for (const { name, mediaType, properties } of items.values()) {
    const isNavigation = isNavigationDocument(properties);
    if (!isNavigation && mediaType !== "application/x-dtbncx+xml") continue;
    // A table of contents with a fault does not make the chapters unreadable.
    const tree = parts.optionalXml(name);
    if (isNavigation) for (const link of descendants(tree, "a")) add(name, link.attributes["href"], textIn(link));
    else
      for (const point of descendants(tree, "navPoint")) {
        const own = (local: string) => elementsOf(point).find((child) => localName(child) === local);
        add(name, own("content")?.attributes["src"], textIn(own("navLabel")));
      }
  }
  return titles;
};

const isNavigationDocument = (properties: string): boolean => properties.split(/\s+/).includes("nav");

const readChapter = async (
  chapter: Item,
  parts: Package,
  title: string | undefined,
  builder: TextBuilder,
  options: ReadOptions,
): Promise<void> => {
  const { name, mediaType, properties } = chapter;
  const bytes = parts.bytes(name);
  if (!bytes || !isChapter(chapter)) {
    builder.warn(mediaType.startsWith("image/") ? "images-unread" : "embedded-object-unread", name);
    return;
  }
  // A byte is a character here, whatever the encoding is, so that the tags are found.
  let source = withoutElement(Buffer.from(bytes).toString("latin1"), "title");
  if (isNavigationDocument(properties)) {
    const before = source.length;
    source = withoutElement(source, "nav");
    if (source.length < before) builder.warn("navigation-left-out", name);
  }
  const blocks: DocumentBlock[] = [];
  const collector: TextBuilder = Object.create(builder);
  collector.add = (block) => {
    if (block.kind === "table" || block.text.trim() !== "") blocks.push(block);
  };
  collector.warn = (code, place, count) => builder.warn(code, place ?? name, count);
  await readHtml(Buffer.from(source, "latin1"), collector, { ...options, contentType: mediaType });
  const isTitled = blocks.some((block) => block.kind === "heading") || (title && startsWith(blocks, title));
  if (title && blocks.length > 0 && !isTitled) builder.add({ kind: "heading", level: 1, text: title });
  for (const block of blocks) builder.add(block);
};

/** True when the chapter begins with the words of its title, in whatever element. */
const startsWith = (blocks: readonly DocumentBlock[], title: string): boolean => {
  const words = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  const beginning = blocks.slice(0, 5).map((block) => (block.kind === "table" ? "" : block.text.slice(0, 1000)));
  return words(beginning.join(" ")).includes(words(title));
};

/**
 * Removes an element that is not shown with the chapter: the title of the file, which repeats the book's or the chapter's,
 * and the table of contents, which repeats the titles of the chapters.
 */
const withoutElement = (source: string, name: "title" | "nav"): string => {
  const start = new RegExp(`<${name}(?=[\\s/>])[^<>]*>`, "gi");
  const isLimited = name === "title";
  const end = isLimited ? source.search(/<body[\s>]/i) : -1;
  let result = "";
  let from = 0;
  for (let match = start.exec(source); match; match = start.exec(source)) {
    if (end >= 0 && match.index > end) break;
    const isEmpty = match[0].endsWith("/>");
    const close = isEmpty ? match.index : source.indexOf(`</${name}>`, start.lastIndex);
    if (close < 0) break;
    result += source.slice(from, match.index);
    from = isEmpty ? start.lastIndex : close + name.length + 3;
    start.lastIndex = from;
  }
  return result + source.slice(from);
};
