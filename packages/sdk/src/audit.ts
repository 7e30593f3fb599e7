import type { components } from "./api.gen.ts";

export type AuditEntry = components["schemas"]["AuditEntry"];
/** An entry that somebody has noted, which must not change any more. */
export type AuditHead = { sequence: number; hash: string };
export type AuditReport = { entries: number; first: AuditHead | null; last: AuditHead | null; faults: string[] };

const encoder = new TextEncoder();
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The hash that the entry must have: `docs/audit.md` describes it. */
export const auditHash = async (entry: AuditEntry): Promise<string> => {
  const { previousHash, tenantId, id, sequence, actor, action, subject, detail, requestId } = entry;
  const text = jsonbText([uuidOf(tenantId), uuidOf(id), sequence, actor, action, subject, detail, requestId]);
  const input = new Uint8Array([...bytesOf(previousHash), ...encoder.encode(text)]);
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", input)));
};

/**
 * Recomputes the hash of each entry, and compares it with the one that the next entry has noted. The entries are the whole log,
 * without a filter, in about the order of their sequence. A log that was written anew from some entry on is valid in itself; it
 * shows in the entry that somebody has `noted`.
 */
export async function verifyAudit(entries: AsyncIterable<AuditEntry>, noted?: AuditHead): Promise<AuditReport> {
  const report: AuditReport = { entries: 0, first: null, last: null, faults: [] };
  const { faults } = report;
  /** Hashes by sequence: of entries whose next one has not come yet, and those that it has noted of entries to come. */
  const [hashes, wanted] = [new Map<number, string>(), new Map<number, string>()];
  let isNotedFound = false;
  for await (const entry of entries) {
    const { sequence, hash, previousHash } = entry;
    const head = { sequence, hash };
    report.entries += 1;
    if (!report.first || sequence < report.first.sequence) report.first = head;
    if (!report.last || sequence > report.last.sequence) report.last = head;
    if ((await auditHash(entry)) !== hash) faults.push(`entry ${sequence} (${entry.id}) was changed`);
    if (sequence === noted?.sequence) isNotedFound = hash === noted.hash;
    link(wanted, hashes, sequence, hash);
    if (sequence > 1) link(hashes, wanted, sequence - 1, previousHash);
    else if (previousHash !== "") faults.push("entry 1 names an entry before it");
  }
  if (noted && !isNotedFound) faults.push(`the log has no entry ${noted.sequence} with the hash ${noted.hash}`);
  // What precedes the first entry has been dropped after its retention.
  for (const sequence of wanted.keys())
    if (sequence !== (report.first?.sequence ?? 0) - 1) faults.push(`entry ${sequence} is missing`);
  for (const sequence of hashes.keys())
    if (sequence !== report.last?.sequence) faults.push(`no entry follows entry ${sequence}`);
  return report;

  /** Compares with what the neighbour has said of this entry, or keeps it for the neighbour to come. */
  function link(said: Map<number, string>, kept: Map<number, string>, sequence: number, hash: string): void {
    const other = said.get(sequence);
    if (other === undefined) kept.set(sequence, hash);
    else if (other !== hash) faults.push(`entry ${sequence} is not the one that entry ${sequence + 1} follows`);
    said.delete(sequence);
  }
}

const letters = "0123456789abcdefghjkmnpqrstvwxyz";
/** The UUID in an id such as `ten_01j…`: 26 letters in base 32 are its 128 bits. */
const uuidOf = (id: string): string => {
  const digits = [...id.slice(-26)].reduce((bits, letter) => bits * 32n + BigInt(letters.indexOf(letter)), 0n);
  return digits
    .toString(16)
    .padStart(32, "0")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

/** As PostgreSQL writes `jsonb`: keys by their length in bytes, then by their bytes; a space after each colon and comma. */
const jsonbText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(", ")}]`;
  if (typeof value === "number") return plain(JSON.stringify(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.entries(value).map(([key, member]) => ({ key, bytes: encoder.encode(key), member }));
  keys.sort((a, b) => a.bytes.length - b.bytes.length || (hexOf(a.bytes) < hexOf(b.bytes) ? -1 : 1));
  return `{${keys.map(({ key, member }) => `${JSON.stringify(key)}: ${jsonbText(member)}`).join(", ")}}`;
};

/** A number without an exponent: `1.5e-7` is `0.00000015`. */
const plain = (number: string): string => {
  const [, sign, whole, part = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(number) ?? [];
  if (whole === undefined) return number;
  const point = whole.length + Number(exponent);
  const digits = `${"0".repeat(Math.max(0, 1 - point))}${whole}${part}`.padEnd(point, "0");
  const at = Math.max(1, point);
  return `${sign}${digits.slice(0, at)}${digits.length > at ? `.${digits.slice(at)}` : ""}`;
};
