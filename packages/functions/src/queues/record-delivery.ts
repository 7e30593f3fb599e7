import { AttemptResult, recordAttempts } from "@resolve/core/webhooks";
import { consumeTogether } from "./consume-together.ts";

/** webhook-results: stores the results of attempts. */
export const handler = consumeTogether(AttemptResult, "record-delivery", recordAttempts);
