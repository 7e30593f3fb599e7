import { relay } from "@resolve/core/platform/outbox";

const pollSeconds = 55;
const idleMs = 500;
const rowsPerClaim = 100;

/** Sends outbox rows for most of a minute; the invocation of the next minute continues. */
export const handler = async (event?: { pollSeconds?: number }): Promise<void> => {
  const deadline = performance.now() + (event?.pollSeconds ?? pollSeconds) * 1000;
  const leftMs = () => deadline - performance.now();
  do {
    const claimed = await relay({ limit: rowsPerClaim });
    if (claimed < rowsPerClaim)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(idleMs, leftMs()))));
  } while (leftMs() > 0);
};
