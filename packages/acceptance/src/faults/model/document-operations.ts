import type { ApiResponse, Call } from "../../client.ts";
import { at, demand, isDone, newText, type Operation } from "./operation.ts";
import { type Doc, type Key, type Model, may, mayChange, sees } from "./state.ts";

/** The response that a key must get for a document that it may not change. */
const refusal = (model: Model, key: Key, document: Doc): number => {
  if (key.isRevoked) return 401;
  if (!may(key, "document:write")) return 403;
  return sees(model, key, document.collection) ? 403 : 404;
};

export const addDocument = (
  by: number,
  word: string,
  via: "text" | "upload" | "url",
  into: number | null,
): Operation => ({
  name: `key ${by} adds a document of ${word} by ${via} to ${into}`,
  async run(model, { receivers }) {
    const key = at(model.keys, by)!;
    const collection = into === null ? undefined : at(model.collections, into);
    const text = newText(model, word);
    const source = {
      text: { text },
      upload: { sizeBytes: Buffer.byteLength(text) },
      url: { url: receivers.textUrl(text) },
    };
    const request = {
      name: `${model.count}.txt`,
      ...source[via],
      ...(collection ? { collectionId: collection.id } : {}),
    };
    const made = await key.call("POST", "/documents", request);
    const isAllowed = !key.isRevoked && may(key, "document:write") && sees(model, key, collection);
    demand(isDone(made) === isAllowed, "the document was created or refused against the rules", made);
    if (!isAllowed) return;
    if (via === "upload") await put(made, text);
    const document: Doc = { id: made.body.document.id, words: [word], collection, owner: key, isDeleted: false };
    model.documents.push(document);
    model.events.push(`document.created ${document.id}`);
  },
});

const put = async ({ body }: ApiResponse, text: string): Promise<void> => {
  const { url, headers } = body.upload;
  const { status } = await fetch(url, { method: "PUT", headers, body: text });
  demand(status === 200, `the upload responded ${status}`);
};

/** Does something to a document that the key may change; otherwise it must be refused. */
const change = (
  name: string,
  which: number,
  by: number,
  act: (model: Model, document: Doc, call: Call) => Promise<ApiResponse | undefined>,
  onDone: (model: Model, document: Doc) => void,
): Operation => ({
  name: `key ${by} ${name} document ${which}`,
  async run(model) {
    const document = at(model.documents, which);
    const key = at(model.keys, by)!;
    if (!document) return;
    const response = await act(model, document, key.call);
    if (!response) return;
    if (mayChange(key, document) && sees(model, key, document.collection) && !key.isRevoked) {
      demand(isDone(response), `an allowed change of ${document.id} was refused`, response);
      onDone(model, document);
    } else demand(response.status === refusal(model, key, document), `a forbidden change of ${document.id}`, response);
  },
});

export const addVersion = (which: number, by: number, word: string) =>
  change(
    `adds a version of ${word} to`,
    which,
    by,
    async (model, { id, isDeleted }, call) =>
      isDeleted ? undefined : call("POST", `/documents/${id}/versions`, { text: newText(model, word) }),
    (model, document) => {
      document.words.push(word);
      model.events.push(`document.replaced ${document.id}`);
    },
  );

export const remove = (which: number, by: number) =>
  change(
    "deletes",
    which,
    by,
    async (_, { id, isDeleted }, call) => (isDeleted ? undefined : call("DELETE", `/documents/${id}`)),
    (model, document) => {
      document.isDeleted = true;
      model.events.push(`document.deleted ${document.id}`);
    },
  );

export const restore = (which: number, by: number) =>
  change(
    "restores",
    which,
    by,
    async (_, { id, isDeleted }, call) => (isDeleted ? call("POST", `/documents/${id}/restore`) : undefined),
    (model, document) => {
      document.isDeleted = false;
      model.events.push(`document.restored ${document.id}`);
    },
  );

export const moveDocument = (which: number, into: number | null): Operation => ({
  name: `moves document ${which} to ${into}`,
  async run(model, { owner }) {
    const document = at(model.documents, which);
    if (!document || document.isDeleted) return;
    const collection = into === null ? undefined : at(model.collections, into);
    const moved = await owner("PATCH", `/documents/${document.id}`, { collectionId: collection?.id ?? null });
    demand(isDone(moved), "the document was not moved", moved);
    document.collection = collection;
  },
});

/** The same request with the same Idempotency-Key: the same key gets the first response, and another one is another request. */
export const repeat = (by: number, other: number, word: string): Operation => ({
  name: `key ${by} and key ${other} repeat a request for ${word}`,
  async run(model) {
    const [first, second] = [at(model.keys, by)!, at(model.keys, other)!];
    const text = newText(model, word);
    const headers = { "idempotency-key": `repeat-${model.count}` };
    // The new version below counts on, and the request must stay the same.
    const body = { name: `${model.count}.txt`, text };
    const send = (key: Key) => key.call("POST", "/documents", body, headers);
    const ids = new Set<string>();
    for (const key of [first, second, first, second]) {
      const made = await send(key);
      const isAllowed = !key.isRevoked && may(key, "document:write");
      demand(isDone(made) === isAllowed, "a repeated request was treated differently", made);
      if (!isAllowed) continue;
      const { id } = made.body.document;
      if (ids.has(id)) continue;
      ids.add(id);
      model.documents.push({ id, words: [word], collection: undefined, owner: key, isDeleted: false });
      model.events.push(`document.created ${id}`);
      // The second document has the same bytes, and a search shows the older one for both: another version ends that.
      if (ids.size === 2) await addVersion(model.documents.length - 1, 0, word).run(model, undefined as never);
    }
    const actors = new Set([first, second].filter((key) => !key.isRevoked && may(key, "document:write")));
    demand(ids.size === actors.size, `${ids.size} documents of ${actors.size} callers were created`);
  },
});
