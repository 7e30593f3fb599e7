import { relay } from "@resolve/core/platform/outbox";

const pollSeconds = 55;
const idleMs = 500;
const rowsPerClaim = 100;

/** Sends the outbox for most of a minute, then leaves; the next minute's invocation goes on. */
export const handler = async (event?: { pollSeconds?: number }): Promise<void> => {
  const deadline = performance.now() + (event?.pollSeconds ?? pollSeconds) * 1000;
  do {
    const claimed = await relay({ limit: rowsPerClaim });
    if (claimed < rowsPerClaim) await new Promise((resolve) => setTimeout(resolve, idleMs));
  } while (performance.now() < deadline);
};
