import { documentSettled, unwrap } from "@resolve/sdk";
import { type Check, details } from "../check.ts";
import { newMarker, type Tenant } from "../tenant.ts";

const hiddenDocuments = 5;

export const counts: Check = {
  name: "counts",
  promise: "A reader learns nothing of documents that access lists hide from it, not even that they exist",
  limit: "0 differences",
  async run({ a }) {
    const [word, other] = [newMarker(), newMarker()];
    const { json: created } = await a.call("POST", "/api/v1/api-keys", {
      body: { name: "prove counts", role: "readonly" },
    });
    const key = String(created["secret"]);
    const { json: made } = await a.call("POST", "/api/v1/collections", {
      body: { name: `prove ${word}`, access: { roles: ["user"] } },
    });
    const collectionId = String(Object(made["collection"]).id);
    const copied = `The ${other} is ground and polished.`;
    await add(a, { name: `${word} open.txt`, text: `The ${word} is planned.` });

    const hits = async (): Promise<string> => {
      const body = { query: `${word} ${other}`, mode: "keyword" };
      const { json } = await a.call("POST", "/api/v1/search", { body, key });
      // Every hit of a search has a score and a document.
      return JSON.stringify((json["data"] as { score: number; document: object }[]).map(({ score }) => score));
    };
    const faults: string[] = [];
    const open = await add(a, { name: `${word} open too.txt`, text: `A ${other} needs care.` });
    const before = await hits();
    for (let n = 0; n < hiddenDocuments; n++)
      await add(a, { name: `hidden ${n}.txt`, text: `${word} ${n}: the ${word} of the year.`, collectionId });
    await add(a, { name: "hidden copy.txt", text: copied, collectionId });
    const copy = await add(a, { name: `${word} copy.txt`, text: copied });
    // The copy is visible and contains one of the words, so the scores are compared without it.
    await a.call("DELETE", `/api/v1/documents/${copy}`);
    const after = await hits();
    if (before !== after) faults.push(`the scores changed from ${before} to ${after} when hidden documents were added`);
    await a.call("POST", `/api/v1/documents/${copy}/restore`);
    const { json: shown } = await a.call("GET", `/api/v1/documents/${copy}`, { key });
    if (shown["duplicateOf"] !== null) faults.push("duplicateOf names a hidden document");
    const { status } = await a.call("GET", `/api/v1/documents/${open}`, { key });
    if (status !== 200) faults.push(`the reader cannot read an open document: ${status}`);
    return {
      measured: `${faults.length} differences`,
      passed: faults.length === 0,
      detail: details(
        [
          `the scores that a read-only key sees, before and after ${hiddenDocuments} documents with the same word were added to a collection that it may not see`,
          "duplicateOf of a document whose older copy is hidden",
        ],
        faults,
      ),
    };
  },
};

const add = async (
  { client }: Tenant,
  body: { name: string; text: string; collectionId?: string },
): Promise<string> => {
  const { document } = await unwrap(client.POST("/api/v1/documents", { body }));
  const { status } = await documentSettled(client, document.id, 60);
  if (status !== "ready") throw new Error(`${body.name} is ${status}`);
  return document.id;
};
