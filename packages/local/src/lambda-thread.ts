import { parentPort } from "node:worker_threads";
import type { FunctionName } from "@resolve/functions/topology";
import { type Handler, run } from "./lambda.ts";
import { newInvocation, reportLeftWork, runInvocation } from "./lambda-sockets.ts";

/** A thread of the pool: it runs one invocation at a time, as an execution environment of Lambda does. */
export type Order = { name: FunctionName; payload: string };
export type Report =
  /** The handler is loaded, and its time begins. */
  | { began: true }
  | { result: string }
  | { error: { name: string; message: string; stack: string | undefined } }
  | { leftWork: { name: string; address: string } };

/** Serves the invocations that the pool orders. `parentPort` is set in every worker thread. */
export const serve = (load: (name: FunctionName) => Promise<Handler>): void => {
  const parent = parentPort!;
  const report = (message: Report): void => parent.postMessage(message);
  reportLeftWork((leftWork) => report({ leftWork }));
  parent.on("message", async ({ name, payload }: Order) => {
    try {
      const handler = await load(name);
      report({ began: true });
      report({ result: await runInvocation(newInvocation(name), () => run(name, handler, payload)) });
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      report({ error: { name, message, stack } });
    }
  });
};
