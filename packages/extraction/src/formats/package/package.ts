/** The parts and relationships of an archive that holds a document. */

import { ExtractionFailure } from "../../extraction.ts";
import { decode } from "../encoding/decode.ts";
import { elementsOf, parseXml, type XmlElement } from "../xml/tree.ts";
import { boundedEntries, unpack, type ZipEntry } from "./zip.ts";

/** A relationship of a part of an OOXML package (ECMA-376 part 2, 9.3). */
export type Relationship = { id: string; type: string; target: string; isExternal: boolean };

/** The parts of an archive that holds a document: OOXML, OpenDocument or EPUB. Part names have no leading slash. */
export class Package {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  /** Names of parts are compared without regard to case (ECMA-376 part 2, 6.2.2.3). */
  readonly #byLowerCase = new Map<string, ZipEntry>();
  #contentTypes: XmlElement[] | undefined;

  /** @throws ExtractionFailure `corrupt` without a directory, `decompression-bomb` when it declares too much */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#entries = new Map(boundedEntries(bytes).map((entry) => [partName(entry.name), entry]));
    for (const [name, entry] of this.#entries) this.#byLowerCase.set(name.toLowerCase(), entry);
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The unpacked part, or undefined when there is none. @throws ExtractionFailure */
  bytes(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name) ?? this.#byLowerCase.get(name.toLowerCase());
    return entry && unpack(this.#bytes, entry);
  }

  /** The part's XML tree, or undefined when there is no such part. @throws Error when it is not well-formed */
  xml(name: string): XmlElement | undefined {
    const bytes = this.bytes(name);
    return bytes && parseXml(decode(bytes));
  }

  /**
   * The tree of a part that the document can be read without, or undefined when it is missing or damaged. @throws
   * ExtractionFailure when it unpacks to more than it declares
   */
  optionalXml(name: string): XmlElement | undefined {
    try {
      return this.xml(name);
    } catch (error) {
      if (error instanceof ExtractionFailure && error.code !== "corrupt") throw error;
      return undefined;
    }
  }

  /** The content type of a part, by its name or by its extension (ECMA-376 part 2, 10.1.2). */
  contentTypeOf(part: string): string | undefined {
    this.#contentTypes ??= elementsOf(this.optionalXml("[Content_Types].xml"));
    const extension = part.slice(part.lastIndexOf(".") + 1).toLowerCase();
    const found =
      this.#contentTypes.find(({ attributes }) => attributes["PartName"] === `/${part}`) ??
      this.#contentTypes.find(({ attributes }) => attributes["Extension"]?.toLowerCase() === extension);
    return found?.attributes["ContentType"];
  }

  /** The relationships of a part, or of the package when the name is empty. Targets are part names, or URLs when external. */
  relationships(part: string): Relationship[] {
    const slash = part.lastIndexOf("/") + 1;
    const folder = part.slice(0, slash);
    const tree = this.xml(`${folder}_rels/${part.slice(slash)}.rels`);
    return elementsOf(tree, "rel:Relationship").map(({ attributes }) => {
      const { Id: id = "", Type = "", Target = "", TargetMode } = attributes;
      const isExternal = TargetMode === "External";
      // The type is a URL whose last part names it, in transitional and in strict files.
      const type = Type.slice(Type.lastIndexOf("/") + 1);
      return { id, type, target: isExternal ? Target : resolved(folder, Target), isExternal };
    });
  }

  /** The main part of an OOXML package. */
  get mainPart(): string | undefined {
    return this.relationships("").find(({ type }) => type === "officeDocument")?.target;
  }
}

/** The part name of an archive's entry: some applications write the separators of Windows, or a slash at the beginning. */
export const partName = (entryName: string): string => entryName.replaceAll("\\", "/").replace(/^\//, "");

/** The part name that a target means, seen from a folder. */
export const resolved = (folder: string, target: string): string => {
  const path = target.startsWith("/") ? target : `${folder}${target}`;
  const parts: string[] = [];
  for (const part of path.split(/[\\/]/))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return parts.join("/");
};
