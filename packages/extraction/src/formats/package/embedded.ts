import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { isCompoundFile } from "./compound-file.ts";
import type { Package } from "./package.ts";

/**
 * Reads a part of an archive that is a file of its own: an inserted document, or an object of another application. One that
 * cannot be read is reported.
 */
export const readEmbedded = async (
  source: Package,
  part: string,
  builder: TextBuilder,
  { readInner }: Pick<ReadOptions, "readInner">,
): Promise<void> => {
  const name = part.slice(part.lastIndexOf("/") + 1);
  const bytes = bytesOf(source, part);
  if (!bytes) return builder.warn("embedded-object-unread", name);
  const file = isCompoundFile(bytes) ? await fileInObject(bytes) : undefined;
  const hint = { name: file?.name ?? name, contentType: source.contentTypeOf(part) };
  await readInner(file?.bytes ?? bytes, hint, builder, "embedded-object-unread");
};

const bytesOf = (source: Package, part: string): Uint8Array | undefined => {
  try {
    return source.bytes(part);
  } catch {
    return undefined;
  }
};

/**
 * The file that an OLE object wraps: any file that was inserted as an object, a package, or a PDF. Undefined for an object
 * that is its own application's file.
 */
const fileInObject = async (bytes: Uint8Array): Promise<{ bytes: Uint8Array; name?: string } | undefined> => {
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
