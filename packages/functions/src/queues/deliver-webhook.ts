import { newUuid } from "@resolve/core/platform/id";
import { send } from "@resolve/core/platform/services/queue";
import { AttemptMessage, sendAttempt } from "@resolve/core/webhooks";
import { consume } from "./consume.ts";

/** webhook-delivery: one attempt, outside the VPC; what came of it goes to webhook-results. */
export const handler = consume(AttemptMessage, async (message) => {
  const result = await sendAttempt(message);
  const failed = await send("webhook-results", [{ id: newUuid(), body: result, groupKey: null, delaySeconds: 0 }]);
  if (failed.size > 0) throw new Error("the result could not be queued");
});
