import type { Reader } from "../reader.ts";
import { RtfReader } from "./reader.ts";

/** Reads Rich Text Format in one pass, without a tree. */
export const readRtf: Reader = (bytes, builder, options) => {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, 5).toString("latin1") !== "{\\rtf") throw new Error("no RTF");
  new RtfReader(bytes, builder, options).read();
  return null;
};
