import { answersCost } from "./answers/cost.ts";
import { answers, fitAnswers } from "./answers/evaluate.ts";
import { authentication } from "./authentication.ts";
import { beside } from "./beside.ts";
import { cache } from "./cache.ts";
import { coldStart } from "./cold-start.ts";
import { eventsClaim } from "./events/claim.ts";
import { eventsLatency } from "./events/latency.ts";
import { eventsNeighbours } from "./events/neighbours.ts";
import { eventsRecovery } from "./events/recovery.ts";
import { eventsRelay } from "./events/relay.ts";
import { eventsSender } from "./events/sender.ts";
import { fairness } from "./fairness.ts";
import { ingest } from "./ingest.ts";
import { large } from "./large.ts";
import { ledger } from "./ledger.ts";
import { limits } from "./limits.ts";
import { load } from "./load.ts";
import { million } from "./million.ts";
import { neighbour } from "./neighbour.ts";
import { observing } from "./observing.ts";
import { pdf } from "./pdf.ts";
import { plans } from "./plans.ts";
import { quality } from "./quality.ts";
import { reading } from "./reading.ts";
import { replica } from "./replica.ts";
import { requests } from "./requests.ts";
import { search } from "./search.ts";
import { vectors } from "./vectors.ts";
import { visible } from "./visible.ts";

const benchmarks = {
  answers,
  "answers-cost": answersCost,
  "answers-fit": fitAnswers,
  authentication,
  beside,
  cache,
  "cold-start": coldStart,
  "events-claim": eventsClaim,
  "events-latency": eventsLatency,
  "events-neighbours": eventsNeighbours,
  "events-recovery": eventsRecovery,
  "events-relay": eventsRelay,
  "events-sender": eventsSender,
  fairness,
  observing,
  pdf,
  plans,
  large,
  ledger,
  limits,
  load,
  ingest,
  million,
  neighbour,
  quality,
  reading,
  replica,
  requests,
  search,
  vectors,
  visible,
};

/** `main.ts name` runs one benchmark: links are read once per process. */
const [wanted] = process.argv.slice(2);
if (wanted === undefined || !Object.hasOwn(benchmarks, wanted)) {
  console.error(`There is no benchmark ${wanted}; there are ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(1);
}
console.log(`\n${wanted}`);
await benchmarks[wanted as keyof typeof benchmarks]();
process.exit(0);
