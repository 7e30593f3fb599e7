/** Reads winmail.dat (MS-OXTNEF), which Outlook sends in place of attachments. */

import { decode } from "../encoding/decode.ts";
import { decodeAs, encodingOf } from "../encoding/labels.ts";
import { lettersIn } from "../html/shown.ts";
import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { addBody } from "./body.ts";
import { rtfOf } from "./compressed-rtf.ts";

type TnefFile = { name: string; contentType?: string | undefined; bytes: Uint8Array };
export type Tnef = { subject: string; text: string; html: string; rtf: Uint8Array | undefined; files: TnefFile[] };

/** Attributes (MS-OXTNEF 2.1.3.2) and properties (MS-OXPROPS) that are read. */
const attribute = {
  subject: 0x8004,
  body: 0x800c,
  data: 0x800f,
  title: 0x8010,
  render: 0x9002,
  message: 0x9003,
  attachment: 0x9005,
  codePage: 0x9007,
};
const property = {
  subject: 0x0037,
  rtf: 0x1009,
  body: 0x1000,
  html: 0x1013,
  data: 0x3701,
  longName: 0x3707,
  name: 0x3704,
  display: 0x3001,
  mime: 0x370e,
};

/** Reads winmail.dat, in which Outlook sends the letter with its formatting and the attachments. @throws Error when it is damaged */
export const parseTnef = (bytes: Uint8Array): Tnef => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tnef: Tnef = { subject: "", text: "", html: "", rtf: undefined, files: [] };
  let encoding = "windows-1252";
  const string = (value: Buffer): string => decodeAs(encoding, value).text.replace(/\0[\s\S]*$/, "");
  // Signature and key precede the attributes; level, id, type and length precede the data, and a checksum follows it.
  for (let at = 6; at + 9 <= buffer.length; ) {
    const id = buffer.readUInt16LE(at + 1);
    const length = buffer.readUInt32LE(at + 5);
    const data = buffer.subarray(at + 9, at + 9 + length);
    if (data.length < length) throw new Error("an attribute is cut");
    at += 9 + length + 2;
    const file = tnef.files.at(-1);
    if (id === attribute.codePage && length >= 4)
      encoding = encodingOf(`cp${data.readUInt32LE(0)}`) ?? encodingOf(`windows-${data.readUInt32LE(0)}`) ?? encoding;
    else if (id === attribute.subject) tnef.subject = string(data);
    else if (id === attribute.body) tnef.text = string(data);
    else if (id === attribute.message) readMessageProperties(propertiesOf(data, string), tnef);
    else if (id === attribute.render) tnef.files.push({ name: "", bytes: new Uint8Array() });
    else if (file && id === attribute.title) file.name ||= string(data);
    else if (file && id === attribute.data) file.bytes = data;
    else if (file && id === attribute.attachment) readFileProperties(propertiesOf(data, string), file);
  }
  return tnef;
};

/** Adds the letter, unless it is known already, and the attachments. */
export const addTnef = async (
  tnef: Tnef,
  builder: TextBuilder,
  options: ReadOptions,
  readsBody: boolean,
): Promise<void> => {
  if (readsBody) {
    builder.add({ kind: "heading", level: 1, text: tnef.subject });
    if (lettersIn(tnef.text) === 0 && tnef.html === "" && tnef.rtf)
      await options.readInner(tnef.rtf, { name: "message.rtf" }, builder, "attachment-unread");
    else addBody(tnef, builder, options.reading);
  }
  for (const { name, contentType, bytes } of tnef.files) {
    builder.add({ kind: "heading", level: 2, text: name });
    await options.readInner(bytes, { name, contentType }, builder, "attachment-unread");
  }
};

const readMessageProperties = (properties: Map<number, Buffer | string>, tnef: Tnef): void => {
  const text = (id: number): string => {
    const value = properties.get(id);
    return typeof value === "string" ? value : value ? decode(value) : "";
  };
  tnef.subject = text(property.subject) || tnef.subject;
  tnef.text = text(property.body) || tnef.text;
  tnef.html = text(property.html);
  const rtf = properties.get(property.rtf);
  if (rtf && typeof rtf !== "string") tnef.rtf = rtfOf(rtf);
};

const readFileProperties = (properties: Map<number, Buffer | string>, file: TnefFile): void => {
  const names = [property.longName, property.name, property.display].map((id) => properties.get(id));
  const name = names.find((one) => typeof one === "string" && one !== "");
  if (typeof name === "string") file.name = name;
  const mime = properties.get(property.mime);
  if (typeof mime === "string") file.contentType = mime;
  const data = properties.get(property.data);
  // A message in a message is an object: the identifier of its interface, then a TNEF of its own.
  if (data && typeof data !== "string" && file.bytes.length === 0)
    file.bytes = data.subarray(16, 20).toString("hex") === "789f3e22" ? data.subarray(16) : data;
};

/** Bytes of the values of fixed length, padded to four (MS-OXTNEF 2.1.3.4). */
const fixedBytes: Readonly<Record<number, number>> = {
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};

/** The values of strings and bytes by property. */
const propertiesOf = (data: Buffer, string: (value: Buffer) => string): Map<number, Buffer | string> => {
  const properties = new Map<number, Buffer | string>();
  let at = 4;
  const number = () => {
    at += 4;
    return data.readUInt32LE(at - 4);
  };
  for (let left = data.readUInt32LE(0); left > 0 && at + 4 <= data.length; left--) {
    const type = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) {
      // Named: a namespace, then a number or a name.
      at += 16;
      if (number() === 0) at += 4;
      else at += padded(number());
    }
    const fixed = fixedBytes[type & 0xfff];
    const isMany = (type & 0x1000) !== 0;
    for (let values = fixed === undefined || isMany ? number() : 1; values > 0 && at < data.length; values--) {
      if (fixed !== undefined) at += fixed;
      else {
        const length = number();
        const value = data.subarray(at, at + length);
        at += padded(length);
        if ((type & 0xfff) === 0x1f) properties.set(id, value.toString("utf16le").replace(/\0[\s\S]*$/, ""));
        else properties.set(id, (type & 0xfff) === 0x1e ? string(value) : value);
      }
    }
  }
  return properties;
};

const padded = (length: number): number => Math.ceil(length / 4) * 4;
