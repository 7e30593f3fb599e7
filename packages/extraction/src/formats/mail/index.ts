import { isTnef } from "../format.ts";
import type { Reader } from "../reader.ts";
import { readMessage } from "./message.ts";
import { readOutlookMessage } from "./outlook.ts";
import { addTnef, parseTnef } from "./tnef.ts";

/** Reads a message, a mailbox of several, an Outlook message, or winmail.dat. */
export const readMail: Reader = async (bytes, builder, options) => {
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) await readOutlookMessage(bytes, builder, options);
  else if (isTnef(bytes)) await addTnef(parseTnef(bytes), builder, options, true);
  else for (const message of messagesOf(bytes)) await readMessage(message, builder, options);
  return null;
};

/** The messages of an mbox file (RFC 4155): each begins with a line "From sender date" after an empty line. */
const messagesOf = (bytes: Uint8Array): Uint8Array[] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const separator = /^From \S[^\n]{0,200}\d\d:\d\d[^\n]{0,100}\r?\n/;
  if (!separator.test(buffer.toString("latin1", 0, 400))) return [bytes];
  const starts = [0];
  for (let at = buffer.indexOf("\n\nFrom "); at >= 0; at = buffer.indexOf("\n\nFrom ", at + 1))
    if (separator.test(buffer.toString("latin1", at + 2, at + 402))) starts.push(at + 2);
  for (let at = buffer.indexOf("\r\n\r\nFrom "); at >= 0; at = buffer.indexOf("\r\n\r\nFrom ", at + 1))
    if (separator.test(buffer.toString("latin1", at + 4, at + 404))) starts.push(at + 4);
  starts.sort((a, b) => a - b);
  return starts.map((start, at) => {
    const message = buffer.subarray(buffer.indexOf("\n", start) + 1, starts[at + 1] ?? buffer.length);
    // The line end of Windows is one byte longer; both ways to quote such a line in a body are undone.
    return Buffer.from(message.toString("latin1").replace(/^>(>*From )/gm, "$1"), "latin1");
  });
};
