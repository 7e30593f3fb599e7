import { setClockOffset } from "@resolve/core/platform/clock";
import { consume } from "@resolve/local/consumer";

/** The program of the worker process: runs the handlers that its parent names, with the clock of its parent. */
type Invocation = { id: number; name: Parameters<typeof consume>[0]; event: unknown; clockOffset: number };

process.on("message", async ({ id, name, event, clockOffset }: Invocation) => {
  setClockOffset(clockOffset);
  try {
    process.send!({ id, result: (await consume(name, event)) ?? null });
  } catch (error) {
    process.send!({ id, error: String(error) });
  }
});
process.send!({ ready: true });
