import PostalMime, { type Address, type Email } from "postal-mime";
import { ExtractionFailure } from "../extraction.ts";
import { readHtmlText } from "./html.ts";
import type { Reader } from "./reader.ts";
import type { TextBuilder } from "./text-builder.ts";

const attachmentsMax = 100;
/** Mails in attachments are read down to this depth. */
const depthMax = 3;

/** Reads an attachment in its own format. Throws ExtractionFailure when it has no text. */
export type ReadAttachment = (bytes: Uint8Array, name: string, builder: TextBuilder, depth: number) => Promise<void>;

/** Reads a message: headers, body and the text of its attachments. */
export const readMail =
  (readAttachment: ReadAttachment, depth: number): Reader =>
  async (bytes, builder) => {
    const mail = await PostalMime.parse(bytes);
    if (mail.headers.length === 0) throw new ExtractionFailure("corrupt");
    addMessage(mail, builder);
    for (const { filename, content } of mail.attachments.slice(0, attachmentsMax)) {
      const name = filename ?? "attachment";
      if (depth >= depthMax) continue;
      builder.add("heading", name, { level: 2 });
      const data = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
      try {
        await readAttachment(data, name, builder, depth + 1);
      } catch (error) {
        // An image or an encrypted attachment does not make the mail fail; its name remains searchable.
        if (error instanceof ExtractionFailure && error.code === "too-large") throw error;
      }
    }
    return null;
  };

const addMessage = (mail: Email, builder: TextBuilder): void => {
  builder.add("heading", mail.subject ?? "", { level: 1 });
  const lines = [
    ["From", people(mail.from ? [mail.from] : [])],
    ["To", people(mail.to)],
    ["Cc", people(mail.cc)],
    ["Date", mail.date ?? ""],
  ];
  builder.add("paragraph", lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n"));
  // The plain text part is preferred; HTML is read only without one.
  if (mail.text?.trim())
    for (const paragraph of mail.text.replaceAll("\r\n", "\n").split(/\n\s*\n/)) builder.add("paragraph", paragraph);
  else if (mail.html) readHtmlText(mail.html, builder);
};

const people = (addresses: Address[] = []): string =>
  addresses
    .flatMap((one) => (one.group ? one.group : [one]))
    .map(({ name, address }) => (name && address ? `${name} <${address}>` : name || address || ""))
    .join(", ");
