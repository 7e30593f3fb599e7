import { expect, test } from "vitest";
import { fanOutAt, faultsFound, newWorld, publishOne, quiet, relay } from "./webhooks/scenario.ts";
import { webhookSuite } from "./webhooks/suite.ts";

/** The same as webhooks-cut, with workers in child processes that are ended by SIGKILL. Random seeds run on demand: FAULT_KILLING_SEEDS. */
const started = webhookSuite({ isKilling: true, count: { real: 0, embedded: 0 } });

test.each([
  ["while the receiver has the request", "request"],
  ["before its result is in the queue", "none"],
  ["after its result is in the queue", "all"],
] as const)("a sender that is killed %s loses no event", async (_, at) => {
  const { engine, receiver } = started;
  engine.reseed(1);
  receiver.received.splice(0);
  const world = await newWorld(receiver, ["everything"]);
  // The events of the tenant's creation, which no endpoint names, leave the bus.
  await quiet(engine, receiver, world);
  await publishOne(world);
  await relay(engine, world);
  await fanOutAt(engine, world, 0);
  const { deaths } = engine;
  receiver.state.behave = () => {
    if (at === "request") engine.crash();
    return { status: 204 };
  };
  engine.senderFaults(() => {
    if (at === "request") return "all";
    engine.crash();
    return at;
  });
  await engine.deliver(engine.pending[0]!);
  expect(engine.deaths).toBe(deaths + 1);
  await quiet(engine, receiver, world);
  expect(receiver.received.length).toBeGreaterThan(1);
  expect(await faultsFound(engine, receiver, world)).toEqual([]);
});
