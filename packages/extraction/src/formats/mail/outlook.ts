/** Reads Outlook messages (.msg). */

import type { FieldsData } from "@kenjiuno/msgreader";
import MsgReaderModule from "@kenjiuno/msgreader";
import { decode } from "../encoding/decode.ts";
import { lettersIn } from "../html/shown.ts";
import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { addBody } from "./body.ts";
import { rtfOf } from "./compressed-rtf.ts";

/** The package is CommonJS: Node gives its exports as the default, and bundlers give the class. */
const MsgReader = MsgReaderModule.default ?? (MsgReaderModule as unknown as typeof MsgReaderModule.default);

const attachmentsMax = 100;

/** Reads an Outlook message (MS-OXMSG). @throws Error for a damaged file */
export const readOutlookMessage = async (
  bytes: Uint8Array,
  builder: TextBuilder,
  options: ReadOptions,
): Promise<void> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let reader = new MsgReader(view);
  let message = reader.getFileData();
  if (message.error) throw new Error(message.error);
  const codePage = message.messageCodepage ?? message.internetCodepage ?? 1252;
  if (codePage !== 1252 && codePage !== 65001) {
    reader = new MsgReader(view);
    reader.parserConfig = { ansiEncoding: `cp${codePage}` };
    message = reader.getFileData();
  }
  addHeader(message, builder);
  const html = message.html ? decode(message.html) : message.bodyHtml;
  const text = message.body;
  if (lettersIn(text ?? "") === 0 && !html && message.compressedRtf)
    await options.readInner(rtfOf(message.compressedRtf), { name: "message.rtf" }, builder, "attachment-unread");
  else addBody({ text, html }, builder, options.reading);
  for (const [at, attachment] of (message.attachments ?? []).entries()) {
    const name = attachment.fileName || attachment.name || attachment.fileNameShort || "";
    const isShown =
      attachment.pidContentId !== undefined && (html?.includes(`cid:${attachment.pidContentId}`) ?? false);
    if (isShown || (attachment.attachmentHidden && /\.(png|jpe?g|gif|bmp)$/i.test(name))) continue;
    if (at >= attachmentsMax) builder.warn("attachment-unread", name);
    else await addAttachment(reader, attachment, name, builder, options);
  }
};

const addAttachment = async (
  reader: InstanceType<typeof MsgReader>,
  attachment: FieldsData,
  name: string,
  builder: TextBuilder,
  { readInner }: ReadOptions,
): Promise<void> => {
  builder.add({ kind: "heading", text: name, level: 2 });
  let content: Uint8Array;
  try {
    ({ content } = reader.getAttachment(attachment));
  } catch {
    return builder.warn("attachment-unread", name);
  }
  await readInner(content, { name, contentType: attachment.attachMimeTag }, builder, "attachment-unread");
};

const addHeader = (message: FieldsData, builder: TextBuilder): void => {
  const sender = message.senderSmtpAddress ?? message.sentRepresentingSmtpAddress ?? smtp(message.senderEmail);
  const recipients = (type: "to" | "cc" | "bcc") =>
    (message.recipients ?? [])
      .filter(({ recipType }) => (recipType ?? "to") === type)
      .map((one) => person(one.name, one.smtpAddress ?? smtp(one.email)))
      .join(", ");
  const date = message.messageDeliveryTime ?? message.clientSubmitTime ?? message.creationTime;
  builder.add({ kind: "heading", level: 1, text: message.subject ?? message.conversationTopic ?? "" });
  const lines = [
    ["From", person(message.senderName, sender)],
    ["To", recipients("to")],
    ["Cc", recipients("cc")],
    ["Bcc", recipients("bcc")],
    ["Date", isoDate(date)],
    ["Start", isoDate(message.apptStartWhole)],
    ["End", isoDate(message.apptEndWhole)],
    ["Where", message.apptLocation ?? ""],
    ["Company", message.companyName ?? ""],
    ["Phone", [message.businessTelephoneNumber, message.mobileTelephoneNumber].filter(Boolean).join(", ")],
    ["Address", message.workAddress ?? message.postalAddress ?? ""],
  ];
  builder.add({
    kind: "paragraph",
    text: lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n"),
  });
};

/** Addresses inside of Exchange begin with `/O=`. */
const smtp = (address: string | undefined): string | undefined => (address?.includes("@") ? address : undefined);

const person = (name = "", address = ""): string =>
  name && address && name !== address ? `${name} <${address}>` : name || address;

const isoDate = (date: string | undefined): string => {
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? (date ?? "") : new Date(time).toISOString();
};
