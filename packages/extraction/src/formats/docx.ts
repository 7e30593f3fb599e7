import mammoth from "mammoth";
import { decode } from "./decode.ts";
import { readHtmlText } from "./html.ts";
import type { Reader } from "./reader.ts";
import { boundedEntries, unpack } from "./zip.ts";

export const readDocx: Reader = async (bytes, builder) => {
  const entries = boundedEntries(bytes);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const file = {
    exists: (name: string) => byName.has(name),
    read: async (name: string, encoding?: string) => {
      // mammoth calls `exists` first.
      const part = unpack(bytes, byName.get(name)!);
      if (encoding === undefined) return part;
      return encoding === "base64" ? Buffer.from(part).toString("base64") : withoutEntities(decode(part));
    },
  };
  const convertImage = mammoth.images.imgElement(async () => ({ src: "" }));
  // The option `file`, an open archive, is missing from mammoth's types (lib/unzip.js).
  const { value } = await mammoth.convertToHtml(
    { file } as never,
    { convertImage, externalFileAccess: false } as never,
  );
  return readHtmlText(value, builder);
};

/** Removes the document type and the entities that it defines, so that nothing is expanded or fetched. */
const withoutEntities = (xml: string): string => {
  if (!xml.includes("<!DOCTYPE")) return xml;
  return xml
    .replace(/<!DOCTYPE[^[>]*(\[[^\]]*\]\s*)?>/, "")
    .replace(/&(?!(amp|lt|gt|quot|apos);)[A-Za-z_][\w.-]*;/g, "");
};
