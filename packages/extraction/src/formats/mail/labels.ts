import { isUtf8 } from "node:buffer";
import { decoded } from "../encoding/decode.ts";
import { encodingOf } from "../encoding/labels.ts";

/**
 * The message with a charset wherever the sender did not say one, or said one that cannot be: the parser would take the
 * bytes for UTF-8 and lose them. Headers with bare 8-bit characters become UTF-8 (RFC 6532).
 */
export const withCharsets = (bytes: Uint8Array): Uint8Array => {
  const source = withoutBlankLines(startingAtHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  if (isUtf8(source) && !/quoted-printable|base64/i.test(source.toString("latin1"))) return source;
  const out: Buffer[] = [];
  for (const part of partsOf(source)) out.push(...labelledPart(part, true));
  return Buffer.concat(out);
};

/** Some exports begin with empty lines, which would end the header. */
const startingAtHeader = (source: Buffer): Buffer => {
  const start = source.findIndex((byte) => byte > 0x20 && byte < 0x7f);
  return start > 0 && start < 1000 ? source.subarray(start) : source;
};

/** The parser needs 14 µs for each line. Runs of empty lines mean the same as a few of them. */
const withoutBlankLines = (source: Buffer): Buffer =>
  source.includes("\n\n\n\n\n") || source.includes("\r\n\r\n\r\n\r\n\r\n")
    ? Buffer.from(source.toString("latin1").replace(/((?:\r?\n){4})(?:\r?\n)+/g, "$1"), "latin1")
    : source;

/** The message divided before each line that is a boundary of one of its parts. */
const partsOf = (source: Buffer): Buffer[] => {
  const text = source.toString("latin1");
  const boundaries = new Set<string>();
  for (const { 1: quoted, 2: plain } of text.matchAll(
    /\bboundary\s{0,5}=\s{0,5}(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))/gi,
  ))
    boundaries.add(quoted ?? plain ?? "");
  const starts = [0];
  for (let at = text.indexOf("\n--"); at >= 0 && boundaries.size > 0; at = text.indexOf("\n--", at + 3)) {
    const end = text.indexOf("\n", at + 1);
    const line = text.slice(at + 3, end < 0 ? text.length : Math.min(end, at + 250)).trimEnd();
    if (boundaries.has(line) || (line.endsWith("--") && boundaries.has(line.slice(0, -2)))) starts.push(at + 1);
  }
  return starts.map((start, at) => source.subarray(start, starts[at + 1] ?? source.length));
};

/** A part is its boundary, its header and its body; the body of a forwarded message is a header and a body again. */
const labelledPart = (part: Buffer, mayContainMessage: boolean): Buffer[] => {
  const lineEnd = part.indexOf("\n");
  const boundary =
    part.subarray(0, 2).toString("latin1") === "--" ? part.subarray(0, lineEnd + 1) : part.subarray(0, 0);
  const rest = part.subarray(boundary.length);
  const end = headerEnd(rest);
  if (end === undefined) return [boundary, utf8(rest)];
  const header = utf8(rest.subarray(0, end)).toString("utf8");
  const body = rest.subarray(end);
  const type = headerValue(header, "content-type");
  if (mayContainMessage && /^\s*message\/rfc822/i.test(type)) {
    const blank = body.length - body.toString("latin1").replace(/^[\r\n]+/, "").length;
    return [boundary, Buffer.from(header), body.subarray(0, blank), ...labelledPart(body.subarray(blank), false)];
  }
  const charset = /^\s*(text\/|$)/i.test(type)
    ? neededCharset(type, headerValue(header, "content-transfer-encoding"), body)
    : undefined;
  return [boundary, Buffer.from(charset ? withCharset(header, type, charset) : header), body];
};

/** The end of the last line of the header; the empty line belongs to the body. */
export const headerEnd = (part: Buffer): number | undefined => {
  if (part[0] === 10 || (part[0] === 13 && part[1] === 10)) return 0;
  const ends = [part.indexOf("\n\n"), part.indexOf("\n\r\n")].filter((at) => at >= 0);
  return ends.length === 0 ? undefined : Math.min(...ends) + 1;
};

const utf8 = (bytes: Buffer): Buffer => (isUtf8(bytes) ? bytes : Buffer.from(decoded(bytes).text));

export const headerValue = (header: string, name: string): string =>
  new RegExp(`^${name}:((?:[^\\r\\n]*(?:\\r?\\n[ \\t])?){1,50})`, "im").exec(header)?.[1]?.replace(/\r?\n/g, "") ?? "";

/** The charset that a body needs, unless the one that is declared fits. */
const neededCharset = (type: string, encoding: string, body: Buffer): string | undefined => {
  const declared = encodingOf(/charset\s{0,5}=\s{0,5}["']?([^\s"';]{1,60})/i.exec(type)?.[1]);
  const isPlain =
    declared === undefined || declared === "utf-8" || /charset\s{0,5}=\s{0,5}["']?(us-ascii|ascii|unknown)/i.test(type);
  if (!isPlain) return undefined;
  const bytes = contentOf(encoding, body.subarray(0, 1024 ** 2));
  if (!bytes.some((byte) => byte >= 0x80)) return undefined;
  const found = decoded(bytes, declared === "utf-8" ? "charset=utf-8" : "").encoding;
  return found === declared ? undefined : found;
};

export const contentOf = (encoding: string, body: Buffer): Buffer => {
  if (/quoted-printable/i.test(encoding))
    return Buffer.from(
      body
        .toString("latin1")
        .replace(/=\r?\n/g, "")
        .replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
      "latin1",
    );
  return /base64/i.test(encoding) ? Buffer.from(body.toString("latin1").replace(/\s+/g, ""), "base64") : body;
};

const withCharset = (header: string, type: string, charset: string): string => {
  const kept = type.replace(/;\s{0,20}charset\s{0,5}=\s{0,5}("[^"]{0,60}"|[^\s;]{0,60})/i, "").trim() || "text/plain";
  const field = `Content-Type: ${kept}; charset=${charset}\r\n`;
  const lines = /^content-type:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n/im;
  return lines.test(header) ? header.replace(lines, () => field) : field + header;
};
