/** Parses large XML parts without building a tree. */

import { SaxesParser } from "saxes";
import { decode } from "../encoding/decode.ts";
import { withoutEntities } from "../xml/tree.ts";

export type XmlHandlers = {
  /** Names are without their prefix. */
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  text(text: string): void;
};

/** Small enough that the parser's own copies cost little memory. */
const sliceBytes = 1024 ** 2;

/**
 * Reads a large part without building its tree. Extensions (`extLst`) repeat names of the format with other meanings, and
 * are left out. Entities are neither expanded nor fetched.
 *
 * @throws Error when the part is not well-formed
 */
export const readEvents = (bytes: Uint8Array, handlers: XmlHandlers): void => {
  const parser = new SaxesParser({});
  let depth = 0;
  let extensionDepth = 0;
  parser.on("opentag", ({ name, attributes }) => {
    depth += 1;
    if (depth > depthMax) throw new Error("elements are nested too deeply");
    const local = localName(name);
    if (extensionDepth === 0 && local === "extLst") extensionDepth = depth;
    if (extensionDepth === 0) handlers.open(local, attributes);
  });
  parser.on("closetag", ({ name }) => {
    if (extensionDepth === 0) handlers.close(localName(name));
    if (extensionDepth === depth) extensionDepth = 0;
    depth -= 1;
  });
  const onText = (text: string) => {
    if (extensionDepth === 0) handlers.text(text);
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("error", (error) => {
    throw error;
  });
  const isUtf8 = !(bytes[0] === 0xff || bytes[0] === 0xfe);
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096));
  if (!isUtf8 || beginning.includes("<!DOCTYPE") || declaresOther(beginning.toString("latin1")))
    parser.write(withoutEntities(decode(bytes).replace(/^\ufeff/, "")));
  else {
    const decoder = new TextDecoder("utf-8");
    for (let at = 0; at < bytes.length; at += sliceBytes)
      parser.write(decoder.decode(bytes.subarray(at, at + sliceBytes), { stream: true }));
    parser.write(decoder.decode());
  }
  parser.close();
};

const depthMax = 1000;

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const declaresOther = (beginning: string): boolean => {
  const encoding = /^<\?xml[^>]*encoding=["']([\w-]+)/.exec(beginning)?.[1]?.toLowerCase();
  return encoding !== undefined && encoding !== "utf-8" && encoding !== "utf8" && encoding !== "us-ascii";
};
