import { documentSettled } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import {
  type ApiResponse,
  allDocuments,
  allEvents,
  eventLogFaults,
  newMarker,
  newUpload,
  putBytes,
  type Tenant,
  type Upload,
} from "../tenant.ts";

/** The number of texts, whose requests are repeated one after the other, and of uploads, whose requests are repeated concurrently. */
const each = 10;
const sendings = 3;
const retriesMax = 100;

type Creation = { document: { id: string }; upload?: Upload };

export const events: Check = {
  name: "events",
  promise: "A repeated request has one effect, and each step of a document is in the event log exactly once",
  limit: "0 lost, 0 repeated",
  async run({ a }) {
    const run = newMarker();
    const faults: string[] = [];
    const texts: string[] = [];
    const uploads: string[] = [];
    /** Returns the first response; the others must be the same. `sendings` is above 0, so there is a first one. */
    const send = async (n: number, body: { name: string; text?: string }, concurrency: number): Promise<Creation> => {
      const once = () => sendUntilDone(a, `${run}-${n}`, body);
      const responses = await pMap(Array.from({ length: sendings }), once, { concurrency });
      const first = responses[0]!;
      if (responses.some(({ status, text }) => status !== 201 || text !== first.text))
        faults.push(`${body.name}: its ${sendings} requests have different responses`);
      if (first.status >= 300) throw new Error(`${body.name}: the API responded with ${first.status}`);
      // The body of a 201 response to this request.
      return first.json as Creation;
    };
    const numbers = Array.from({ length: each }, (_, n) => n);
    const sendText = async (n: number) => {
      const { document } = await send(n, { name: `${run} ${n}.txt`, text: `Record ${n} of ${run}.` }, 1);
      texts.push(document.id);
    };
    const sendUpload = async (n: number) => {
      const { bytes, body } = newUpload(`${run} upload ${n}.txt`, `Uploaded record ${n} of ${run}.`);
      const { document, upload } = await send(each + n, body, sendings);
      uploads.push(document.id);
      // `newUpload` sends `sizeBytes`, so there is an upload. Storage takes its bytes once.
      await putBytes(upload!, bytes);
      await putBytes(upload!, bytes, 412);
    };
    await pMap(
      [...numbers.map((n) => () => sendText(n)), ...numbers.map((n) => () => sendUpload(n))],
      (work) => work(),
      {
        concurrency: 4,
      },
    );

    const mine = (await allDocuments(a.client)).filter(({ name }) => name.startsWith(run));
    if (mine.length !== 2 * each) faults.push(`${2 * each} documents were sent and ${mine.length} are there`);
    for (const id of [...texts, ...uploads]) {
      const { name, status } = await documentSettled(a.client, id);
      if (status !== "ready") faults.push(`${name} is ${status}`);
    }
    const log = await allEvents(a.client);
    faults.push(...eventLogFaults(log, { texts, uploads }));
    return {
      measured: `${faults.length} lost or repeated in ${2 * each * sendings} requests and ${log.length} events`,
      passed: faults.length === 0,
      detail: details(
        [
          `${each} texts and ${each} uploads, each sent ${sendings} times with one Idempotency-Key, the uploads at the same moment`,
          "the bytes of each upload sent twice, and refused the second time",
          `the event log read to its end: numbered 1 to ${log.length}`,
        ],
        faults,
      ),
    };
  },
};

/** Repeats the request while the API responds `idempotency-in-progress`, because the first request is still running. */
const sendUntilDone = async (tenant: Tenant, key: string, body: object): Promise<ApiResponse> => {
  for (let attempt = 1; ; attempt++) {
    const response = await tenant.call("POST", "/api/v1/documents", { body, headers: { "idempotency-key": key } });
    if (response.json["code"] !== "idempotency-in-progress" || attempt === retriesMax) return response;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
