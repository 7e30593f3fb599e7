import { checkUploads, purgeDocuments, sweepDocuments } from "@resolve/core/documents";
import { measureCorpora, startIndexBuilds, startPurges, sweepJobs } from "@resolve/core/jobs";
import { sweepOnboarding } from "@resolve/core/onboarding";
import { relay } from "@resolve/core/platform/outbox";
import { dispatchDue } from "@resolve/core/webhooks";

/** When nothing has changed for this time, the message is considered lost and is sent again. */
const waitingSeconds = 300;
/** EventBridge Scheduler runs at most once a minute, so one invocation sweeps twice. */
const pauseSeconds = 30;

/**
 * Finds documents, jobs, runs and deliveries that no message will continue, and sends their messages again, twice a minute.
 * The local runtime passes `isFreshStart` before its workers start: its queues are empty then and no worker holds a lease,
 * so everything unfinished is sent again at once.
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
  // Last, because it takes longest and no caller waits for it.
  await measureCorpora();
};
