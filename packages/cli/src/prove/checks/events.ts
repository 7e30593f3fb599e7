import { documentSettled } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import {
  type Answer,
  allDocuments,
  allEvents,
  faultsOf,
  newMarker,
  newUpload,
  putBytes,
  type Tenant,
  type Upload,
} from "../tenant.ts";

/** Texts, which are sent again one after the other, and as many uploads, which are sent again at the same moment. */
const each = 10;
const sendings = 3;
const retriesMax = 100;

type Creation = { document: { id: string }; upload?: Upload };

export const events: Check = {
  name: "events",
  promise: "A request that is sent again works once, and each step of a document is in the event log exactly once",
  limit: "0 lost, 0 repeated",
  async run({ a }) {
    const run = newMarker();
    const faults: string[] = [];
    const texts: string[] = [];
    const uploads: string[] = [];
    /** The first answer; the others must be the same. */
    const send = async (n: number, body: { name: string; text?: string }, concurrency: number): Promise<Creation> => {
      const once = () => sendUntilAnswered(a, `${run}-${n}`, body);
      const answers = await pMap(Array.from({ length: sendings }), once, { concurrency });
      if (answers.some(({ status, text }) => status !== 201 || text !== answers[0]!.text))
        faults.push(`${body.name}: its ${sendings} sendings have different answers`);
      if (answers[0]!.status >= 300) throw new Error(`${body.name}: the API answers ${answers[0]!.status}`);
      return answers[0]!.json as Creation;
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
      // Storage tells of each: the document must be stored once all the same.
      await putBytes(upload!, bytes);
      await putBytes(upload!, bytes);
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
    faults.push(...faultsOf(log, { texts, uploads }));
    return {
      measured: `${faults.length} lost or repeated in ${2 * each * sendings} requests and ${log.length} events`,
      passed: faults.length === 0,
      detail: details(
        [
          `${each} texts and ${each} uploads, each sent ${sendings} times with one Idempotency-Key, the uploads at the same moment`,
          "the bytes of each upload sent twice",
          `the event log read to its end: numbered 1 to ${log.length}`,
        ],
        faults,
      ),
    };
  },
};

/** While the first sending is still being worked on, the API answers 409 and when to ask again. */
const sendUntilAnswered = async (tenant: Tenant, key: string, body: object): Promise<Answer> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await tenant.call("POST", "/api/v1/documents", { body, headers: { "idempotency-key": key } });
    if (answer.json["code"] !== "idempotency-in-progress" || attempt === retriesMax) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
