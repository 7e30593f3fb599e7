import { sweepDocuments } from "@resolve/core/documents";
import { sweepOnboarding } from "@resolve/core/onboarding";
import { relay } from "@resolve/core/platform/outbox";
import { dispatchDue } from "@resolve/core/webhooks";

/** A message that has not moved its document for this long is taken for lost. */
const waitingSeconds = 300;

/**
 * Finds what no message will move any more. `queuesAreEmpty` is said by a runtime whose queues did not survive its last
 * end: then everything queued is sent again at once.
 */
export const handler = async (event?: { queuesAreEmpty?: boolean }): Promise<void> => {
  const seconds = event?.queuesAreEmpty ? 0 : waitingSeconds;
  await sweepDocuments({ waitingSeconds: seconds });
  await sweepOnboarding({ waitingSeconds: seconds });
  await dispatchDue();
  await relay({ limit: 100 });
};
