import { AttemptMessage, sendAttempt } from "@resolve/core/webhooks";
import { consumeOutside } from "./consume.ts";

/** webhook-delivery: makes one attempt and sends its result to webhook-results. */
export const handler = consumeOutside(AttemptMessage, "webhook-results", sendAttempt);
