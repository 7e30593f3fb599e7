import PostalMime, { type Address, type Email } from "postal-mime";
import { ExtractionFailure } from "../extraction.ts";
import { readHtmlText } from "./html.ts";
import type { Reader } from "./reader.ts";
import { addParagraphs } from "./text.ts";
import type { TextBuilder } from "./text-builder.ts";

const attachmentsMax = 100;

/** Reads a message: headers, body and the text of its attachments. */
export const readMail: Reader = async (bytes, builder, { readInner }) => {
  const mail = await PostalMime.parse(bytes);
  if (mail.headers.length === 0) throw new ExtractionFailure("corrupt");
  addMessage(mail, builder);
  for (const { filename, mimeType, content } of mail.attachments.slice(0, attachmentsMax)) {
    const name = filename ?? "attachment";
    builder.add({ kind: "heading", text: name, level: 2 });
    const data = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
    await readInner(data, { name, contentType: mimeType }, builder, "attachment-unread");
  }
  return null;
};

const addMessage = (mail: Email, builder: TextBuilder): void => {
  builder.add({ kind: "heading", text: mail.subject ?? "", level: 1 });
  const lines = [
    ["From", people(mail.from ? [mail.from] : [])],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    ["Date", mail.date ?? ""],
  ];
  builder.add({
    kind: "paragraph",
    text: lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n"),
  });
  // The plain text part is preferred; HTML is read only without one.
  if (mail.text?.trim()) addParagraphs(builder, mail.text);
  else if (mail.html) readHtmlText(mail.html, builder);
};

const people = (addresses: Address[] = []): string =>
  addresses
    .flatMap((one) => (one.group ? one.group : [one]))
    .map(({ name, address }) => (name && address ? `${name} <${address}>` : name || address || ""))
    .join(", ");
