import { createHash, randomBytes } from "node:crypto";
import { createClient, documentSettled, everyItem, type Resolve, type Schemas, unwrap } from "@resolve/sdk";
import { pageAfter } from "../pages.ts";

/** A raw response, with the refusals and headers that the typed client hides. */
export type ApiResponse = { status: number; headers: Headers; text: string; json: Record<string, unknown> };
export type Call = (
  method: string,
  path: string,
  options?: { body?: unknown; headers?: Record<string, string>; key?: string },
) => Promise<ApiResponse>;

export type Tenant = {
  id: string;
  keyId: string;
  key: string;
  runId: string;
  /** The time of the request that created it, from `performance.now()`. */
  requestedAt: number;
  /** A word that only this tenant's documents contain. */
  marker: string;
  /** The document that answers the seed question. */
  fact: { question: string; answer: string; documentName: string };
  client: Resolve;
  call: Call;
};

/** A random word that is in no language and in no other run. */
export const newMarker = (): string => `zq${randomBytes(6).toString("hex")}`;

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

const requestSeconds = 30;

/** A raw client; `signal` aborts its requests. */
export const caller =
  (apiUrl: string, apiKey: string, signal: AbortSignal): Call =>
  async (method, path, { body, headers = {}, key = apiKey } = {}) => {
    const response = await fetch(`${apiUrl.replace(/\/api\/?$/, "")}${path}`, {
      method,
      redirect: "manual",
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestSeconds * 1000)]),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} };
  };

export const clientOf = (apiUrl: string, apiKey: string, signal: AbortSignal): Resolve =>
  createClient({
    apiUrl,
    apiKey,
    fetch: (request) => fetch(new Request(request, { signal: AbortSignal.any([request.signal, signal]) })),
  });

/** Creates a temporary tenant with three documents and a question that one of them answers. */
export async function createTenant(
  operator: Resolve,
  letter: "A" | "B",
  { apiUrl, signal }: { apiUrl: string; signal: AbortSignal },
): Promise<Tenant> {
  const marker = newMarker();
  const hours = 18 + (Number.parseInt(marker.slice(-2), 16) % 5);
  const fact = {
    question: `When does the parking garage of ${marker} close?`,
    answer: `The parking garage of ${marker} closes at ${hours}:45.`,
    documentName: "House rules.txt",
  };
  const documents = [
    { name: "Welcome.txt", text: `Welcome to ${marker}. Lunch is served in the canteen from noon on.` },
    { name: fact.documentName, text: `${fact.answer} Visitors register at the desk in the hall.` },
    { name: "Holidays.txt", text: `Everybody at ${marker} has thirty days of holiday a year.` },
  ];
  const body = {
    name: `resolve prove, temporary tenant ${letter}`,
    admin: { email: "success@simulator.amazonses.com" },
    documents: documents.map((document, n) => ({ ...document, metadata: { marker, n } })),
    seedQuestion: fact.question,
  };
  const requestedAt = performance.now();
  const { tenant, apiKey, onboarding } = await unwrap(operator.POST("/api/v1/tenants", { body }));
  if (!apiKey) throw new Error("the API created a tenant without a key");
  return {
    id: tenant.id,
    keyId: apiKey.id,
    key: apiKey.secret,
    runId: onboarding.id,
    requestedAt,
    marker,
    fact,
    client: clientOf(apiUrl, apiKey.secret, signal),
    call: caller(apiUrl, apiKey.secret, signal),
  };
}

/** Creates a document from its text, and waits until it can be searched. */
export async function addText({ client }: Tenant, body: { name: string; text: string }): Promise<void> {
  const { document } = await unwrap(client.POST("/api/v1/documents", { body }));
  const { status } = await documentSettled(client, document.id);
  if (status !== "ready") throw new Error(`${body.name} is ${status}`);
}

export const pageQuery = (cursor: string | undefined) => ({ params: { query: pageAfter(cursor) } });

export async function allDocuments(client: Resolve): Promise<Schemas["Document"][]> {
  const all: Schemas["Document"][] = [];
  const pages = everyItem((cursor) => unwrap(client.GET("/api/v1/documents", pageQuery(cursor))));
  for await (const document of pages) all.push(document);
  return all;
}

/** The tenant's whole event log, oldest first. */
export async function allEvents(client: Resolve): Promise<Schemas["Event"][]> {
  const all: Schemas["Event"][] = [];
  for (;;) {
    const after = all.at(-1)?.sequence ?? 0;
    const { data } = await unwrap(client.GET("/api/v1/events", { params: { query: { after, limit: 100 } } }));
    if (data.length === 0) return all;
    all.push(...data);
  }
}

/** Faults of an event log: gaps and repeats of its numbers, and documents without exactly one event of each step. */
export const eventLogFaults = (
  events: Schemas["Event"][],
  { texts, uploads }: { texts: string[]; uploads: string[] },
): string[] => {
  const faults = events.flatMap(({ sequence }, n) =>
    sequence === n + 1 ? [] : [`event ${n + 1} of the log has the number ${sequence}`],
  );
  const counts = Map.groupBy(events, ({ type, subject }) => `${type} ${subject.id}`);
  const expectOnce = (id: string, types: string[]) => {
    for (const type of types) {
      const count = counts.get(`${type} ${id}`)?.length ?? 0;
      if (count !== 1) faults.push(`${id} has ${count} events ${type}`);
    }
  };
  for (const id of texts) expectOnce(id, ["document.created", "document.ready"]);
  for (const id of uploads) expectOnce(id, ["document.created", "document.stored", "document.ready"]);
  return faults;
};

/** A small document whose bytes are sent by a presigned upload. */
export const newUpload = (name: string, text: string) => {
  const bytes = new TextEncoder().encode(text);
  return { bytes, body: { name, contentType: "text/plain", sizeBytes: bytes.length, sha256: sha256(bytes) } };
};

/** The presigned upload that the API returned. */
export type Upload = { method: string; url: string; headers: Record<string, string> };

/** @throws Error unless storage responds with the expected status: by default, it acknowledges the bytes */
export async function putBytes(upload: Upload, bytes: Uint8Array<ArrayBuffer>, expected = 200): Promise<void> {
  const { method, url, headers } = upload;
  const { status } = await fetch(url, { method, headers, body: bytes });
  if (status !== expected) throw new Error(`storage responded with ${status} to an upload instead of ${expected}`);
}

const settleSeconds = 60;
const pauseMs = 100;

/** Repeats `read` until `isDone`. @throws Error after `timeoutSeconds` */
export async function until<T>(
  what: string,
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
  timeoutSeconds = settleSeconds,
): Promise<T> {
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    if (performance.now() > deadline) throw new Error(`${what} took more than ${timeoutSeconds} s`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
