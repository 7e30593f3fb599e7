// Not through the index of webhooks, which would bundle the database client into a function that reaches no database.
import { AttemptMessage, sendAttempt } from "@resolve/core/webhooks/send";
import { consumeOutside } from "./consume-outside.ts";

/** webhook-delivery: makes one attempt and sends its result to webhook-results. */
export const handler = consumeOutside(AttemptMessage, "webhook-results", (message, traceparent) =>
  sendAttempt({ ...message, traceparent }),
);
