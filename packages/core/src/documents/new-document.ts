import { createHash } from "node:crypto";
import { z } from "zod";
import { Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { assertAllowedUrl } from "../platform/services/egress-address.ts";
import { collectionId, documentName, externalId, metadata, reading } from "./document.ts";

/** One PUT takes at most 2 GiB. */
const uploadBytesMax = 2 * 1024 ** 3;
/** Text that comes in the call itself; larger ones are uploaded. */
const inlineTextCharsMax = 1_000_000;

const common = {
  metadata: metadata.optional(),
  externalId: externalId.optional(),
  collectionId: collectionId.optional(),
  /** How this document is read; without it, as the tenant wants its documents to be read. */
  reading: reading.optional(),
};
const upload = {
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w.+-]+=[\w.+"-]+)*$/)
    .max(255)
    .default("application/octet-stream"),
  sizeBytes: z.int().positive(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
};
const text = { text: z.string().min(1).max(inlineTextCharsMax) };
const url = { url: z.string().max(2048) };

/** A document to be: bytes that will be uploaded, a text, or an address to fetch. */
export const NewUpload = z.strictObject({ name: documentName, ...common, ...upload });
export const NewText = z.strictObject({ name: documentName, ...common, ...text });
/** Without a name it is called as the last part of its path. */
export const NewUrl = z.strictObject({ name: documentName.optional(), ...common, ...url });
export type NewDocument = z.output<typeof NewUpload> | z.output<typeof NewText> | z.output<typeof NewUrl>;

/** The same for a new version; what is not said of the document stays. */
const named = { name: documentName.optional() };
export const NewUploadVersion = z.strictObject({ ...named, ...common, ...upload });
export const NewTextVersion = z.strictObject({ ...named, ...common, ...text });
export const NewUrlVersion = z.strictObject({ ...named, ...common, ...url });
export type NewVersion =
  | z.output<typeof NewUploadVersion>
  | z.output<typeof NewTextVersion>
  | z.output<typeof NewUrlVersion>;

export type Bytes = { contentType: string; sizeBytes: number; sha256: Buffer | null };
export type Source =
  | (Bytes & { kind: "upload" })
  | (Bytes & { kind: "text"; bytes: Buffer })
  | (Unknown & { kind: "url"; url: string });
/** What an address holds is known once it has been fetched. */
type Unknown = { contentType: null; sizeBytes: 0; sha256: null };

/** @throws Problem `document-too-large`, `url-not-allowed` */
export const sourceOf = (input: NewDocument | NewVersion): Source => {
  if ("url" in input) {
    const { href } = assertAllowedUrl(input.url, egressPolicy());
    return { kind: "url", url: href, contentType: null, sizeBytes: 0, sha256: null };
  }
  if ("text" in input) {
    const bytes = Buffer.from(input.text, "utf8");
    const sha256 = createHash("sha256").update(bytes).digest();
    return { kind: "text", bytes, contentType: "text/plain; charset=utf-8", sizeBytes: bytes.length, sha256 };
  }
  const { contentType, sizeBytes } = input;
  if (sizeBytes > uploadBytesMax) throw new Problem("document-too-large", undefined, { limitBytes: uploadBytesMax });
  return { kind: "upload", contentType, sizeBytes, sha256: input.sha256 ? Buffer.from(input.sha256, "hex") : null };
};

/** The last part of an address's path. */
export const nameOf = (url: string): string => {
  const { pathname, hostname } = new URL(url);
  const last = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  try {
    return decodeURIComponent(last).normalize("NFC").slice(0, 512).toWellFormed();
  } catch {
    return last.slice(0, 512);
  }
};
