import { consume } from "@resolve/local/consumer";

/** The program of the worker process: runs the handlers that its parent names. */
type Invocation = { id: number; name: Parameters<typeof consume>[0]; event: unknown };

process.on("message", async ({ id, name, event }: Invocation) => {
  try {
    process.send!({ id, result: (await consume(name, event)) ?? null });
  } catch (error) {
    process.send!({ id, error: String(error) });
  }
});
process.send!({ ready: true });
