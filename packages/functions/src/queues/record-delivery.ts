import { AttemptResult, recordAttempt } from "@resolve/core/webhooks";
import { consume } from "./consume.ts";

/** webhook-results: stores the result of an attempt. */
export const handler = consume(AttemptResult, "record-delivery", recordAttempt);
