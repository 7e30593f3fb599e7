/** Recognises compound files (MS-CFB) and what they hold. */

/** The container of old Office files, Outlook messages, embedded objects and encrypted new Office files (MS-CFB 2.2). */
export const isCompoundFile = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length)).toString("hex") === "d0cf11e0a1b11ae1";

/**
 * The names of the streams in the root of a compound file (MS-CFB 2.6), in lower case: those deeper belong to files inside it.
 * Empty for a damaged one.
 */
export const mainStreams = async (bytes: Uint8Array): Promise<Set<string>> => {
  const { CFB } = await import("@e965/xlsx");
  try {
    // The library's types leave this out.
    const { FullPaths } = CFB.read(bytes, { type: "buffer" }) as { FullPaths: string[] };
    return new Set(FullPaths.flatMap((path) => /^[^/]*\/([^/]+)$/.exec(path)?.[1]?.toLowerCase() ?? []));
  } catch {
    return new Set();
  }
};

/** The content type of an Office file before 2007 that no reader reads, by its main stream. */
export const legacyContentType = (streams: ReadonlySet<string>): string | undefined => {
  if (streams.has("worddocument")) return "application/msword";
  return streams.has("powerpoint document") ? "application/vnd.ms-powerpoint" : undefined;
};
