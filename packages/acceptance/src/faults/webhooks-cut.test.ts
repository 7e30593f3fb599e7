import type { QueueName } from "@resolve/functions/topology";
import { expect, test } from "vitest";
import { fanOutAt, faultsFound, newWorld, publishOne, quiet, relay, type World } from "./webhooks/scenario.ts";
import { webhookSuite } from "./webhooks/suite.ts";

/** Webhooks miss nothing while workers die, queue and bus take a part, and messages arrive late, twice and out of order. */
const started = webhookSuite({ isKilling: false, count: { real: 4, embedded: 1 } });

const deliverAll = async (queue: QueueName): Promise<void> => {
  const { pending, deliver } = started.engine;
  for (const message of pending.filter((one) => one.queue === queue)) await deliver(message);
};
type Stages = Record<"relay" | "fan-out" | "record-delivery", (world: World) => Promise<unknown>>;
/** Leads an event to a stage. */
const upTo: Stages = {
  relay: (world: World) => publishOne(world),
  "fan-out": async (world: World) => {
    await publishOne(world);
    await relay(started.engine, world);
  },
  "record-delivery": async (world: World) => {
    await upTo["fan-out"](world);
    await fanOutAt(started.engine, world, 0);
    await deliverAll("webhook-delivery");
  },
};
/** The embedded database is slower. */
const stride = process.env["TEST_DATABASE_URL"] === undefined ? 4 : 1;
const stages: Stages = {
  relay: (world: World) => relay(started.engine, world),
  "fan-out": (world: World) => fanOutAt(started.engine, world, 0),
  "record-delivery": () => deliverAll("webhook-results"),
};

test.each(Object.keys(stages) as (keyof Stages)[])(
  "%s dies at every message to the database in turn, and every event arrives",
  async (stage) => {
    const { engine, receiver } = started;
    engine.reseed(1);
    receiver.received.splice(0);
    const world = await newWorld(receiver, ["everything"]);
    // The events of the tenant's creation, which no endpoint names, leave the bus.
    await quiet(engine, receiver, world);
    const { deaths: before } = engine;
    let survived = false;
    for (let messages = 0; !survived; messages += stride) {
      await upTo[stage](world);
      const { deaths } = engine;
      engine.crashAfter(messages);
      await stages[stage](world);
      survived = engine.deaths === deaths;
      await quiet(engine, receiver, world);
    }
    expect(engine.deaths).toBeGreaterThan(before);
    expect(await faultsFound(engine, receiver, world)).toEqual([]);
  },
  300_000,
);
