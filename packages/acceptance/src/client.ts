// biome-ignore lint/suspicious/noExplicitAny: tests look at the response body field by field.
export type ApiResponse = { status: number; headers: Headers; body: any };
/** One request to the API, below `/v1`, with a credential. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<ApiResponse>;

/** More requests per second than a process sends, so that a fast machine is not refused by a plan. */
export const unlimitedRequests = { requestsPerSecond: 10_000, requestBurst: 10_000, callerRequestsPerSecond: 10_000 };

/** Sends requests with an API key; `more` headers go with every request. Redirects are returned, not followed. */
export const callerOf =
  (apiUrl: string, key: string, more: Record<string, string> = {}): Call =>
  async (method, path, body, headers = {}) => {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${apiUrl}/v1${path}`, {
      method,
      redirect: "manual",
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...json, ...more, ...headers },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    // As a client should: the tests of the limits themselves send their own requests.
    if (response.status === 429) {
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get("retry-after") ?? 1)));
      return callerOf(apiUrl, key, more)(method, path, body, headers);
    }
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };

/** Creates an object, which a busy machine may refuse for now: a repetition with the same key creates nothing twice. */
export const create = async (call: Call, path: string, body: object): Promise<ApiResponse> => {
  const headers = { "idempotency-key": crypto.randomUUID() };
  for (let repetitions = 0; ; repetitions += 1) {
    const response = await call("POST", path, body, headers);
    // The request that was answered with 503 may still be running.
    const isBusy = response.status === 503 || response.body?.code === "idempotency-in-progress";
    if (!isBusy || repetitions === 3) return response;
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get("retry-after") ?? 1)));
  }
};

/** Waits until the processing of the document has ended, for a minute at most, and returns the document. The API waits 20 s per request. */
export const settled = async (call: Call, documentId: string) => {
  for (let waits = 1; ; waits += 1) {
    const { body } = await call("GET", `/documents/${documentId}?waitSeconds=20`);
    if (waits === 3 || body.status === "ready" || body.status === "failed") return body;
  }
};

/** Adds a document and waits until it is searchable. @throws Error with the response and the document when it is not */
export const addDocument = async (call: Call, document: object): Promise<string> => {
  const made = await create(call, "/documents", document);
  const id: string = made.body.document?.id;
  const body = await settled(call, id);
  if (body.status !== "ready") throw new Error(JSON.stringify([made.body, body]));
  return id;
};
