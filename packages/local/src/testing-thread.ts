import { once } from "node:events";
import { connect } from "node:net";
import type { Handler } from "./lambda.ts";
import { serve } from "./lambda-thread.ts";

/** The program of the pool's threads in tests: each event says what the function does. */
export type Behaviour = {
  port?: number;
  does?: "loops" | "waits" | "crashes" | "leaves work" | "returns nothing";
  bytes?: number;
};

let calls = 0;
const handler: Handler = async (event) => {
  // The tests send these events.
  const { port, does, bytes = 0 } = event as Behaviour;
  calls += 1;
  const socket = port === undefined ? undefined : connect(port, "127.0.0.1");
  socket?.on("error", () => {});
  if (socket) {
    socket.write("begin");
    await once(socket, "data");
  }
  if (does === "loops") for (;;);
  if (does === "crashes") setImmediate(() => process.exit(1));
  if (does === "crashes" || does === "waits") await new Promise(() => {});
  if (does === "leaves work" && socket) setTimeout(() => socket.write("late"), 50);
  if (does === "returns nothing") return undefined;
  return { calls, filler: "x".repeat(bytes) };
};
serve(async () => handler);
