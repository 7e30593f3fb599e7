import {
  checkUploads,
  fillAll,
  mergeTerms,
  purgeDocuments,
  removeLeftovers,
  removeLooseObjects,
  sweepDocuments,
} from "@resolve/core/documents";
import { deleteExpiredKeys, sweepInvitations } from "@resolve/core/identity";
import { measureCorpora, startIndexBuilds, startPurges, sweepJobs } from "@resolve/core/jobs";
import { forgetRequests, sweepOnboarding } from "@resolve/core/onboarding";
import { relay } from "@resolve/core/platform/outbox";
import { reportParkedWork } from "@resolve/core/platform/parked-work";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import { announceUsage, collectUsage } from "@resolve/core/usage";
import {
  announceFailing,
  dispatchAll,
  expireDeliveries,
  fanOutLost,
  reportLateDeliveries,
} from "@resolve/core/webhooks";

/** When nothing has changed for this time, the message is considered lost and is sent again. */
const waitingSeconds = 300;
/** EventBridge Scheduler runs at most once a minute, so one invocation sweeps twice where the stage asks for it. */
const pauseSeconds = 30;

type Options = { waitingSeconds: number; isAlone: boolean };

/** In this order. Each limits its own time, and one that fails stops none of the others. */
const stages: Record<string, (options: Options) => Promise<unknown>> = {
  checkUploads,
  sweepDocuments,
  removeLeftovers,
  fillAll,
  sweepJobs,
  sweepOnboarding,
  sweepInvitations,
  fanOutLost,
  dispatchAll,
  announceFailing,
  reportLateDeliveries,
  purgeDocuments,
  startPurges,
  startIndexBuilds,
  removeLooseObjects,
  deleteExpiredKeys,
  forgetRequests,
  expireDeliveries,
  collectUsage,
  announceUsage,
  relay: () => relay({ limit: 100 }),
  reportParkedWork,
  mergeTerms,
  // Last, because it takes longest and no caller waits for it.
  measureCorpora,
};

/**
 * Finds documents, jobs, runs and deliveries that no message will continue, and sends their messages again: twice a minute, or
 * once where the stage asks for it.
 * The local runtime passes `isFreshStart` before its workers start: its queues are empty then and no worker holds a lease,
 * so everything unfinished is sent again at once.
 *
 * @throws AggregateError after all stages, when one of them failed as a whole.
 */
export const handler = async (event?: { isFreshStart?: boolean; sweepsPerMinute?: number }): Promise<void> => {
  const isAlone = event?.isFreshStart ?? false;
  const failures = await sweep({ waitingSeconds: isAlone ? 0 : waitingSeconds, isAlone });
  if (!isAlone && (event?.sweepsPerMinute ?? 2) > 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
    failures.push(...(await sweep({ waitingSeconds, isAlone })));
  }
  if (failures.length > 0) throw new AggregateError(failures, "stages of the sweep failed");
};

const sweep = async (options: Options): Promise<unknown[]> => {
  const failures: unknown[] = [];
  for (const [stage, run] of Object.entries(stages)) {
    try {
      await run(options);
    } catch (error) {
      logger.error("sweep stage failed", { stage, ...describeError(error) });
      failures.push(error);
    }
  }
  return failures;
};
