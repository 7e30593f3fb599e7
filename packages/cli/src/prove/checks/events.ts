import { documentSettled } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { type Answer, allDocuments, allEvents, faultsOf, newMarker, type Tenant } from "../tenant.ts";

const documentsEach = 10;
const sendings = 3;
const retriesMax = 50;

export const events: Check = {
  name: "events",
  promise: "A request that is sent again works once, and every step of every document is in the event log once",
  limit: "0 lost, 0 repeated",
  async run({ a }) {
    const run = newMarker();
    const nameOf = (n: number) => `${run}-${n}.txt`;
    const send = (n: number) =>
      sendUntilAnswered(a, `${run}-${n}`, { name: nameOf(n), text: `Record ${n} of ${run}.` });
    const all = Array.from({ length: 2 * documentsEach }, (_, n) => n);
    const answers = new Map<number, Answer[]>();
    await pMap(
      all,
      async (n) => {
        const isSequential = n < documentsEach;
        answers.set(
          n,
          await pMap(Array.from({ length: sendings }), () => send(n), { concurrency: isSequential ? 1 : sendings }),
        );
      },
      { concurrency: 4 },
    );

    const faults: string[] = [];
    for (const [n, repeats] of answers) {
      if (repeats.some(({ status, text }) => status !== 201 || text !== repeats[0]!.text))
        faults.push(`${nameOf(n)}: the ${sendings} sendings were answered differently`);
    }
    const mine = (await allDocuments(a.client)).filter(({ name }) => name.startsWith(run));
    if (mine.length !== all.length) faults.push(`${all.length} documents were sent and ${mine.length} are there`);
    for (const { id, name } of mine) {
      const { status } = await documentSettled(a.client, id);
      if (status !== "ready") faults.push(`${name} is ${status}`);
    }
    const log = await allEvents(a.client);
    faults.push(
      ...faultsOf(
        log,
        mine.map(({ id }) => id),
      ),
    );
    return {
      measured: `${faults.length} lost or repeated, ${all.length * sendings} requests, ${log.length} events`,
      passed: faults.length === 0,
      detail: details(
        [
          `${all.length} documents, each sent ${sendings} times with one Idempotency-Key, half of them at the same moment`,
          `the log read to its end: numbered 1 to ${log.length}`,
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
