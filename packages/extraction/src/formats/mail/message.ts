/** Reads Internet messages (RFC 5322) with their attachments. */

import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { ExtractionFailure } from "../../extraction.ts";
import { decode, decoded } from "../encoding/decode.ts";
import { isTnef } from "../format.ts";
import { lettersIn } from "../html/shown.ts";
import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { addBody } from "./body.ts";
import { contentOf, headerEnd, headerValue, withCharsets } from "./labels.ts";
import { addTnef, parseTnef } from "./tnef.ts";

const attachmentsMax = 100;

/** Parts for programs: signatures, and versions of the letter for other programs. */
const withoutWords =
  /^(application\/(x-)?pkcs7-signature|application\/pgp-(signature|encrypted|keys)|text\/(x-amp-html|watch-html|css|javascript)|application\/(x-)?javascript|font\/.*|multipart\/.*)$/i;

/** Reads a message of RFC 5322 and MIME: headers, body and the text of its attachments. */
export const readMessage = async (bytes: Uint8Array, builder: TextBuilder, options: ReadOptions): Promise<void> => {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const source = withCharsets(isWide ? Buffer.from(decode(bytes)) : bytes);
  const mail = await parse(Buffer.from(source.buffer, source.byteOffset, source.byteLength));
  if (mail.headers.length === 0) throw new ExtractionFailure("corrupt");
  const header = Object.fromEntries(mail.headers.toReversed().map(({ key, value }) => [key, value]));
  // A saved web page (RFC 2557) has a sender only because the format asks for one.
  const isPage =
    "snapshot-content-location" in header ||
    (/^\s*multipart\/related/i.test(header["content-type"] ?? "") && !mail.to && !mail.messageId);
  addHeader(mail, isPage, builder);
  // Without alternatives the two are the same parts, and HTML is what the sender wrote.
  const prefersHtml = isPage || !/content-type:\s*multipart\/alternative/i.test(Buffer.from(source).toString("latin1"));
  addBody({ text: mail.text, html: mail.html, prefersHtml }, builder, options.reading);
  for (const [at, attachment] of mail.attachments.entries())
    await addAttachment(attachment, at, { mail, isPage }, builder, options);
};

const longBytes = 512 * 1024;

/** The parser needs 14 µs for each line; the text of a long message without parts is decoded here. */
const parse = async (source: Buffer): Promise<Email> => {
  const end = source.length > longBytes ? headerEnd(source) : undefined;
  const header = source.toString("utf8", 0, end ?? 0);
  const type = headerValue(header, "content-type");
  if (end === undefined || !/^\s*(text\/plain|$)/i.test(type))
    return PostalMime.parse(source, { forceRfc822Attachments: true });
  const mail = await PostalMime.parse(source.subarray(0, end));
  const body = contentOf(headerValue(header, "content-transfer-encoding"), source.subarray(end));
  return { ...mail, text: decoded(body, type).text };
};

const addHeader = (mail: Email, isPage: boolean, builder: TextBuilder): void => {
  builder.add({ kind: "heading", text: mail.subject ?? "", level: 1 });
  if (isPage) return;
  const lines = [
    ["From", people(mail.from ? [mail.from] : [])],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    ["Bcc", people(mail.bcc)],
    ["Date", mail.date ?? ""],
  ];
  builder.add({
    kind: "paragraph",
    text: lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n"),
  });
};

const addAttachment = async (
  { filename, mimeType, content, related, contentId, disposition }: Attachment,
  at: number,
  { mail, isPage }: { mail: Email; isPage: boolean },
  builder: TextBuilder,
  options: ReadOptions,
): Promise<void> => {
  const data = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
  const name = filename ?? "";
  // A picture inside of the letter is read where the letter shows it.
  const id = contentId?.replace(/^<|>$/g, "") ?? "";
  const isShown = id !== "" && (mail.html?.includes(`cid:${id}`) ?? false);
  const isPicture = /^image\//i.test(mimeType);
  if (withoutWords.test(mimeType) || (isPage && !/^text\/(html|plain)|pdf/i.test(mimeType))) return;
  if (isPicture && (isShown || related || (disposition === "inline" && !filename))) {
    if (!isShown) builder.warn("images-unread", name);
    return;
  }
  if (at >= attachmentsMax) return builder.warn("attachment-unread", name || mimeType);
  if (isTnef(data)) return readTnefPart(data, name, mail, builder, options);
  builder.add({ kind: "heading", text: name, level: 2 });
  if (/^application\/(x-)?pkcs7-mime$/i.test(mimeType)) return builder.warn("attachment-unread", name || mimeType);
  await options.readInner(
    data,
    { name: name || nameFor(mimeType), contentType: mimeType },
    builder,
    "attachment-unread",
  );
};

/** Outlook sends the letter a second time inside of winmail.dat. */
const readTnefPart = async (
  data: Uint8Array,
  name: string,
  mail: Email,
  builder: TextBuilder,
  options: ReadOptions,
): Promise<void> => {
  try {
    await addTnef(parseTnef(data), builder, options, lettersIn(mail.text ?? mail.html ?? "") < 20);
  } catch (error) {
    if (error instanceof ExtractionFailure && error.code === "too-large") throw error;
    builder.warn("attachment-unread", name || "winmail.dat");
  }
};

/** A name by which the format of a part without one is recognised and reported. */
const nameFor = (mimeType: string): string =>
  ({ "text/calendar": "invitation", "message/rfc822": "message", "text/vcard": "contact" })[mimeType] ?? "attachment";

export const people = (addresses: Address[] = []): string =>
  addresses
    .flatMap((one) => (one.group ? one.group : [one]))
    .map(({ name, address }) => (name && address && name !== address ? `${name} <${address}>` : name || address || ""))
    .join(", ");
