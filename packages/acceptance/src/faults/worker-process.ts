import { consume } from "@resolve/local/consumer";

/** A worker that can be killed: runs the handlers it is told to, in a process of its own. */
type Order = { id: number; name: Parameters<typeof consume>[0]; event: unknown };

process.on("message", async ({ id, name, event }: Order) => {
  try {
    process.send!({ id, result: (await consume(name, event)) ?? null });
  } catch (error) {
    process.send!({ id, error: String(error) });
  }
});
process.send!({ ready: true });
