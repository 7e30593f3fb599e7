import { documentSettled, uploadDocument } from "@resolve/sdk";
import { type Check, seconds } from "../check.ts";
import type { Tenant } from "../tenant.ts";
import { newMarker } from "../tenant.ts";
import { prose } from "../texts.ts";

const limitSeconds = 30;
const largeBytes = 10_000_000;

export const ready: Check = {
  name: "ready",
  promise: "An uploaded document can be searched within 30 seconds, even one of 10 MB",
  limit: `${limitSeconds} s each`,
  async run({ a }) {
    const small = await timeToReady(a, 2_000);
    const large = await timeToReady(a, largeBytes);
    const faults = [small, large].flatMap(({ fault }) => (fault ? [`wrong: ${fault}`] : []));
    return {
      measured: `${seconds(small.ms)} for 2 kB, ${seconds(large.ms)} for 10 MB`,
      passed: faults.length === 0 && [small, large].every(({ ms }) => ms <= limitSeconds * 1000),
      detail: [
        `plain text by presigned upload, from the request to the last of ${large.chunks} searchable chunks`,
        "10 MB of text is more to index than most PDF files of 10 MB, which are mostly pictures",
        ...faults,
      ],
    };
  },
};

/** The time from the creation of a document until search finds its last word. */
const timeToReady = async ({ client }: Tenant, sizeBytes: number) => {
  const last = newMarker();
  const bytes = new TextEncoder().encode(`${prose(sizeBytes)} The last word is ${last}.`);
  const startedAt = performance.now();
  const { id } = await uploadDocument(client, { name: `${sizeBytes} bytes.txt`, contentType: "text/plain", bytes });
  const { status, chunks, failure } = await documentSettled(client, id, 2 * limitSeconds);
  const ms = performance.now() - startedAt;
  // Only whether it is found; another check measures the ranking.
  const { data } = await client.POST("/api/v1/search", { body: { query: last, mode: "keyword" } });
  const isFound = data?.data.some(({ document }) => document.id === id);
  const fault =
    status !== "ready"
      ? `the document of ${sizeBytes} bytes is ${status}: ${failure?.message}`
      : isFound
        ? undefined
        : `the last sentence of the document of ${sizeBytes} bytes is not found`;
  return { ms, chunks, fault };
};
