import { describedBy, type OpenApi } from "./described.ts";

/** One request that succeeded and its response, as the reference of the API shows them. */
export type Example = { request?: unknown; status: number; response?: unknown };

/** Values of one run, replaced by ones that say what they are. They keep their form, so that they match their schemas. */
const replacements: [RegExp, string][] = [
  [/rsk_(live|test)_\w+/g, "rsk_$1_…"],
  [/whsec_[\w+/=]+/g, "whsec_…"],
  [/\beyJ[\w-]+\.[\w-]*\.[\w-]+/g, "eyJhbGciOiJFZERTQSJ9.eyJmaWxlcyI6e319.…"],
  [/00-[0-9a-f]{32}-[0-9a-f]{16}-01/g, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
  [/https?:\/\/127\.0\.0\.1:\d+\/hooks/g, "https://hooks.halden.example/resolve"],
  [
    /https?:\/\/127\.0\.0\.1:\d+\/[^"\s]*X-Amz-Signature=[^"\s]*/g,
    "https://documents.s3.amazonaws.com/…?X-Amz-Signature=…",
  ],
  [/https?:\/\/127\.0\.0\.1:\d+/g, "https://resolve.example"],
  [/\bcrm-\d+/g, "crm-4711"],
  [/\bhalden-optics-\w{6}\b/g, "halden-optics-3k7q2m"],
];

const itemsMax = 2;
const lettersMax = 400;

/** Replaces what differs from run to run, and shortens long lists and texts. One for all examples, so that an id stays one id. */
export const stabilizer = () => {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  let start: number | undefined;
  const numbered = (kind: string, text: string, form: (n: number) => string): string => {
    const made = known.get(text);
    if (made) return made;
    const n = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, n);
    known.set(text, form(n));
    return form(n);
  };
  const text = (value: string): string => {
    const shown = replacements
      .reduce((shown, [pattern, by]) => shown.replaceAll(pattern, by), value)
      .replaceAll(/\b([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}\b/g, (id, kind) =>
        numbered(kind, id, (n) => `${kind}_01j9x00000e008${String(n).padStart(12, "0")}`),
      )
      .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (id) =>
        numbered("uuid", id, (n) => `01920000-0000-7000-8000-${String(n).padStart(12, "0")}`),
      )
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (moment) => {
        start ??= Date.parse(moment);
        const seconds = Math.round((Date.parse(moment) - start) / 1000);
        return new Date(Date.UTC(2027, 2, 1, 9) + seconds * 1000).toISOString();
      });
    return shown.length > lettersMax ? `${shown.slice(0, lettersMax)}…` : shown;
  };
  /** A hash of the audit log contains the ids of a run; other hashes are those of the same bytes. */
  const isChained = (name: string): boolean => name === "hash" || name === "previousHash";
  const chained = (hash: unknown): string =>
    hash === "" ? "" : numbered("hash", String(hash), (n) => n.toString(16).padStart(64, "0"));
  const stable = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.slice(0, itemsMax).map(stable);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [text(name), isChained(name) ? chained(member) : stable(member)]),
    );
  };
  return stable;
};

/** What is wrong with the examples of the document, by operation: one that is missing or that its schema refuses. */
export const faultsOf = (document: OpenApi): string[] => {
  const differs = describedBy(document);
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { requestBody, responses }]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const request = requestBody?.content?.["application/json"];
      if (request && request.example === undefined) return [`${name}: its request has no example`];
      const withBody = Object.entries(responses).filter(([status, { content }]) => status < "3" && content);
      const shown = withBody.filter(([, { content }]) => Object.values(content!)[0]!.example !== undefined);
      if (withBody.length > 0 && shown.length === 0) return [`${name}: its response has no example`];
      return shown.flatMap(([status, { content }]) => {
        const body = Object.values(content!)[0]!.example;
        return differs(method, path, request?.example, { status: Number(status), body }) ?? [];
      });
    }),
  );
};
