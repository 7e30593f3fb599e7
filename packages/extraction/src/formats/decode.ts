import chardet from "chardet";
import iconv from "iconv-lite";

/** Decodes valid UTF-8, else by byte order mark or the most likely encoding. */
export const decode = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return iconv.decode(buffer, "utf16le");
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return iconv.decode(buffer, "utf16be");
  try {
    // `stream` tolerates a character that is cut at the end of a sample.
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer, { stream: true });
  } catch {
    const guess = chardet.detect(buffer.subarray(0, 65_536)) ?? "windows-1252";
    return iconv.decode(buffer, iconv.encodingExists(guess) ? guess : "windows-1252");
  }
};
