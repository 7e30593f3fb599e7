import { checkUploads, purgeDocuments, sweepDocuments } from "@resolve/core/documents";
import { measureCorpora, startIndexBuilds, startPurges, sweepJobs } from "@resolve/core/jobs";
import { sweepOnboarding } from "@resolve/core/onboarding";
import { relay } from "@resolve/core/platform/outbox";
import { dispatchDue } from "@resolve/core/webhooks";

/** A message that has not moved its document for this long is taken for lost. */
const waitingSeconds = 300;
/** Scheduler's shortest rate is a minute; a document whose worker died need not wait that long. */
const pauseSeconds = 30;

/**
 * Finds what no message will move any more, twice a minute. `isFreshStart` is said by a runtime that is one process
 * and does not work yet: its queues are empty and nobody holds a lease, so everything unfinished is sent again at once.
 */
export const handler = async (event?: { isFreshStart?: boolean }): Promise<void> => {
  const isAlone = event?.isFreshStart ?? false;
  await sweep({ waitingSeconds: isAlone ? 0 : waitingSeconds, isAlone });
  if (isAlone) return;
  await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
  await sweep({ waitingSeconds, isAlone });
};

const sweep = async (options: { waitingSeconds: number; isAlone: boolean }): Promise<void> => {
  await checkUploads(options);
  await sweepDocuments(options);
  await purgeDocuments();
  await startPurges();
  await startIndexBuilds();
  await sweepJobs(options);
  await sweepOnboarding(options);
  await dispatchDue();
  await relay({ limit: 100 });
  // Last, since it takes longest and nobody waits for it.
  await measureCorpora();
};
