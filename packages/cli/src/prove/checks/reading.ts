import { documentSettled, unwrap, uploadDocument } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { type Sample, samples } from "../samples.ts";
import type { Tenant } from "../tenant.ts";

export const reading: Check = {
  name: "reading",
  promise: "Every format is read as its application shows it, and a document says what was left out",
  limit: `${samples.length} of ${samples.length} formats: the words found, hidden ones left out and reported`,
  async run({ a }) {
    const results = await pMap(samples, (sample) => readingFaults(a, sample), { concurrency: 4 });
    const right = results.filter(({ length }) => length === 0).length;
    return {
      measured: `${right} of ${samples.length} formats`,
      passed: right === samples.length,
      detail: details(
        [`uploaded: ${samples.map(({ name }) => name.slice(name.lastIndexOf(".") + 1)).join(", ")}`],
        results.flat(),
      ),
    };
  },
};

const readingFaults = async (
  { client }: Tenant,
  { name, bytes, has, hides, warning, spellings = [] }: Sample,
): Promise<string[]> => {
  // The type is detected: neither the content type nor, for most formats, the name helps.
  const { id } = await uploadDocument(client, { name, contentType: "application/octet-stream", bytes });
  const document = await documentSettled(client, id);
  if (document.status !== "ready") return [`${name} is ${document.status}: ${document.failure?.code ?? "no reason"}`];
  const { text } = await unwrap(
    client.GET("/api/v1/documents/{documentId}/text", { params: { path: { documentId: id } } }),
  );
  const found = async (query: string): Promise<boolean> => {
    const { data } = await unwrap(client.POST("/api/v1/search", { body: { query, mode: "keyword", limit: 20 } }));
    return data.some((hit) => hit.document.id === id);
  };
  const missed = await pMap(spellings, async (spelling) => ((await found(spelling)) ? [] : [spelling]));
  const codes = document.warnings.map(({ code }) => code as string);
  return [
    ...(text.includes(has) ? [] : [`${name} was read as ${JSON.stringify(text.slice(0, 200))}`]),
    ...((await found(has.replace(/[|:]/g, " "))) ? [] : [`${name} is not found by “${has}”`]),
    ...missed.flat().map((spelling) => `${name} is not found by “${spelling}”`),
    ...(hides && (text.includes(hides) || (await found(hides))) ? [`${name} publishes “${hides}”`] : []),
    ...(warning && !codes.includes(warning) ? [`${name} does not report ${warning}`] : []),
  ];
};
