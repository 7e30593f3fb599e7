import { randomBytes } from "node:crypto";
import { documentSettled, everyItem, unwrap, uploadDocument } from "@resolve/sdk";
import { type Check, details } from "../check.ts";
import { sha256, type Tenant, until } from "../tenant.ts";
import { prose } from "../texts.ts";

const largeBytes = 10_000_000;
const downloadSeconds = 60;

export const download: Check = {
  name: "download",
  promise: "Originals come back byte for byte, and every cited chunk is exactly at the position of its citation",
  limit: "0 differences",
  async run({ a }) {
    const faults: string[] = [];
    let chunks = 0;
    for (const { isText, ...file } of files) {
      const { id } = await uploadDocument(a.client, file);
      // A document without text becomes `failed`; its original is stored in any case.
      const { status } = isText
        ? await documentSettled(a.client, id)
        : await until(
            "storing",
            () => unwrap(a.client.GET("/api/v1/documents/{documentId}", { params: { path: { documentId: id } } })),
            ({ status }) => status !== "awaiting_upload",
          );
      faults.push(...(await differences(a, id, file)));
      if (!isText) continue;
      if (status !== "ready") faults.push(`${file.name} is ${status}`);
      else chunks += await compareChunks(a, id, file.name, faults);
    }
    return {
      measured: `${faults.length} differences in ${files.length} files and ${chunks} chunks`,
      passed: faults.length === 0,
      detail: details([`${files.map(({ name, bytes }) => `${name} (${bytes.length} bytes)`).join(", ")}`], faults),
    };
  },
};

const encode = (text: string) => new TextEncoder().encode(text);

/** Cases: a name beyond ASCII, characters of two UTF-16 units, Windows line ends, a byte order mark, and binary data. */
const files = [
  { name: "notes.txt", contentType: "text/plain", bytes: encode(prose(60_000)), isText: true },
  {
    name: "Übersicht – 会议 №7 🔭.md",
    contentType: "text/markdown",
    bytes: encode(`# Größe 🔭\r\n\r\nThe telescope 🔭 stands on the roof – 会议室 is below.\r\n\r\n${prose(9_000)}`),
    isText: true,
  },
  {
    name: "prices.csv",
    contentType: "text/csv",
    bytes: encode("\ufeffitem,price\nlens,12.50\ncoating,3.20\n"),
    isText: true,
  },
  {
    name: "page.html",
    contentType: "text/html",
    bytes: encode(`<h1>Repairs</h1><p>${prose(3_000)}</p>`),
    isText: true,
  },
  { name: "one byte.txt", contentType: "text/plain", bytes: encode("x"), isText: true },
  {
    name: "10 MB.bin",
    contentType: "application/octet-stream",
    bytes: new Uint8Array(randomBytes(largeBytes)),
    isText: false,
  },
];

type File = Pick<(typeof files)[number], "name" | "bytes">;

const differences = async ({ call }: Tenant, id: string, { name, bytes }: File): Promise<string[]> => {
  const { status, headers } = await call("GET", `/api/v1/documents/${id}/download`);
  const location = headers.get("location");
  if (status !== 302 || !location) return [`${name}: the download has the status ${status}`];
  const response = await fetch(location, { signal: AbortSignal.timeout(downloadSeconds * 1000) });
  const back = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) return [`${name}: storage responded with ${response.status}`];
  return [
    ...(sha256(back) === sha256(bytes)
      ? []
      : [`${name}: ${bytes.length} bytes went in, ${back.length} others came back`]),
    ...(nameIn(response.headers.get("content-disposition")) === name ? [] : [`${name}: the file is named otherwise`]),
  ];
};

/** The file's name in a `Content-Disposition` (RFC 6266): `filename*` in UTF-8, else `filename`. */
const nameIn = (header: string | null): string | undefined => {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "")?.[1];
  if (extended) return decodeURIComponent(extended);
  return /filename="([^"]*)"/i.exec(header ?? "")?.[1];
};

/** Adds the differences to `faults` and returns the number of chunks. */
const compareChunks = async ({ client }: Tenant, documentId: string, name: string, faults: string[]) => {
  const path = { documentId };
  const { text } = await unwrap(client.GET("/api/v1/documents/{documentId}/text", { params: { path } }));
  const pages = everyItem((cursor) =>
    unwrap(
      client.GET("/api/v1/documents/{documentId}/chunks", {
        params: { path, query: { limit: 100, ...(cursor ? { cursor: Number(cursor) } : {}) } },
      }),
    ),
  );
  let chunks = 0;
  for await (const chunk of pages) {
    chunks += 1;
    if (text.slice(chunk.charStart, chunk.charEnd) !== chunk.text)
      faults.push(`${name}: chunk ${chunks} is not at ${chunk.charStart} to ${chunk.charEnd} of the text`);
  }
  if (chunks === 0) faults.push(`${name} has no chunks`);
  return chunks;
};
