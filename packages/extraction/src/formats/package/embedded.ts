import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { elementsOf, type XmlElement } from "../xml/tree.ts";
import type { Package } from "./package.ts";

/** Reads a file inside the file: an inserted document, or an object of another application. */
export const readEmbedded = async (
  source: Package,
  part: string,
  builder: TextBuilder,
  { readInner }: ReadOptions,
): Promise<void> => {
  const name = part.slice(part.lastIndexOf("/") + 1);
  const bytes = bytesOf(source, part);
  if (!bytes) return builder.warn("embedded-object-unread", name);
  const hint = { name, contentType: contentTypeOf(source, part) };
  const file = isCompound(bytes) ? await fileInCompound(bytes) : undefined;
  await readInner(file?.bytes ?? bytes, { ...hint, name: file?.name ?? name }, builder, "embedded-object-unread");
};

const bytesOf = (source: Package, part: string): Uint8Array | undefined => {
  try {
    return source.bytes(part);
  } catch {
    return undefined;
  }
};

const contentTypes = new WeakMap<Package, XmlElement[]>();

/** The content type of a part, by its name or by its extension (ECMA-376 part 2, 10.1.2). */
const contentTypeOf = (source: Package, part: string): string | undefined => {
  let types = contentTypes.get(source);
  if (!types) {
    types = elementsOf(source.xml("[Content_Types].xml"));
    contentTypes.set(source, types);
  }
  const extension = part.slice(part.lastIndexOf(".") + 1).toLowerCase();
  const found =
    types.find(({ attributes }) => attributes["PartName"] === `/${part}`) ??
    types.find(({ attributes }) => attributes["Extension"]?.toLowerCase() === extension);
  return found?.attributes["ContentType"];
};

const isCompound = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length)).toString("hex") === "d0cf11e0a1b11ae1";

/**
 * The file that an OLE object wraps: any file that was inserted as an object, a package, or a PDF. Undefined for an object
 * that is its own application's file.
 */
const fileInCompound = async (bytes: Uint8Array): Promise<{ bytes: Uint8Array; name?: string } | undefined> => {
  const { CFB } = await import("@e965/xlsx");
  try {
    const container = CFB.read(bytes, { type: "buffer" });
    const stream = (name: string) => {
      const content = CFB.find(container, name)?.content;
      return content === undefined ? undefined : Uint8Array.from(content);
    };
    const native = stream("\u0001Ole10Native");
    if (native) return nativeFile(native);
    const plain = stream("Package") ?? stream("CONTENTS");
    return plain && { bytes: plain };
  } catch {
    return undefined;
  }
};

/** An Ole10Native stream: label, file name and path end with a zero byte each; then the file with its length (MS-OLEDS). */
const nativeFile = (stream: Uint8Array): { bytes: Uint8Array; name?: string } | undefined => {
  const buffer = Buffer.from(stream);
  const text = (start: number) => {
    const end = buffer.indexOf(0, start);
    return end < 0 ? undefined : { value: buffer.toString("latin1", start, end), next: end + 1 };
  };
  const label = text(6);
  const path = label && text(label.next);
  // Four bytes of flags, and four of the length of a temporary path, stand before that path.
  const temporary = path && text(path.next + 8);
  if (!temporary || temporary.next + 4 > buffer.length) return undefined;
  const start = temporary.next + 4;
  const bytes = buffer.subarray(start, start + buffer.readUInt32LE(temporary.next));
  return { bytes, name: label.value };
};
