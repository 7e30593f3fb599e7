import {
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import type { RuleSpec } from "@resolve/functions/topology";
import { afterEach, expect, test } from "vitest";
import { type BusEvent, startBus } from "./bus.ts";

/** The double of EventBridge, used through the AWS client. */
const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
const region = "us-east-1";
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const rule: RuleSpec = {
  bus: "resolve",
  pattern: { source: ["resolve.document"] },
  target: "fan-out",
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 60,
};
const start = async (invoke: (event: BusEvent) => Promise<unknown>) => {
  const deadLetters: { rule: string; record: object }[] = [];
  const bus = await startBus({
    invoke: (_, event) => invoke(event),
    rules: { wanted: rule },
    retryMs: () => 1,
    onDeadLetter: (name, record) => deadLetters.push({ rule: name, record }),
  });
  closers.push(bus.close);
  const client = new EventBridgeClient({ endpoint: bus.endpoint, region, credentials });
  const put = (source: string, detail = "{}", count = 1) =>
    client.send(
      new PutEventsCommand({
        Entries: Array.from({ length: count }, () => ({
          EventBusName: "resolve",
          Source: source,
          DetailType: "document.ready",
          Detail: detail,
        })),
      }),
    );
  return { bus, put, client, deadLetters };
};

test("a failing target is invoked again, and the event becomes a dead letter after the last retry", async () => {
  let calls = 0;
  const { put, deadLetters } = await start(async () => {
    calls += 1;
    throw new Error("no");
  });
  await put("resolve.document");
  await expect.poll(() => deadLetters.length === 1, { timeout: 10_000, interval: 20 }).toBe(true);
  expect(calls).toBe(3);
  expect(deadLetters[0]).toMatchObject({
    rule: "wanted",
    record: {
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
      requestPayload: { "detail-type": "document.ready" },
      responsePayload: { errorMessage: "no" },
    },
  });
});

test("only matching events reach the target; an invalid entry is refused alone, a request of eleven entries as a whole", async () => {
  let calls = 0;
  const { put } = await start(async () => calls++);
  expect((await put("resolve.tenant")).FailedEntryCount).toBe(0);
  expect((await put("aws.s3")).Entries?.[0]?.ErrorCode).toBe("NotAuthorizedForSourceException");
  expect((await put("resolve.document", "[1]")).Entries?.[0]?.ErrorCode).toBe("MalformedDetail");
  await expect(put("resolve.document", "{}", 11)).rejects.toThrow("between 1 and 10");
  await put("resolve.document", "{}", 10);
  await expect.poll(() => calls === 10, { timeout: 10_000, interval: 20 }).toBe(true);
});

test("a request whose entries are larger than 256 KB is refused as a whole", async () => {
  let calls = 0;
  const { put } = await start(async () => calls++);
  // The size of an entry is that of its strings: two entries fit, and three do not.
  const detail = JSON.stringify({ text: "x".repeat(100_000) });
  await put("resolve.document", detail, 2);
  await expect(put("resolve.document", detail, 3)).rejects.toThrow("over the limit");
  await expect(put("resolve.document", JSON.stringify({ text: "x".repeat(262_144) }))).rejects.toThrow(
    "over the limit",
  );
  await expect.poll(() => calls).toBe(2);
});

test("an event is delivered twice on demand, under the same id", async () => {
  const ids: string[] = [];
  const { bus, put } = await start(async ({ id }) => ids.push(id));
  bus.duplicate(1);
  await put("resolve.document");
  await put("resolve.document");
  await expect.poll(() => ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(2);
});

test("a replay delivers the archived events of a period again, under their old ids, and is not archived itself", async () => {
  const delivered: BusEvent[] = [];
  const { put, client } = await start(async (event) => delivered.push(event));
  const before = new Date(Date.now() - 60_000);
  await put("resolve.document", '{"n":1}', 2);
  await expect.poll(() => delivered).toHaveLength(2);
  const replay = (ReplayName: string, EventEndTime: Date) =>
    client.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: "arn:aws:events:us-east-1:000000000000:archive/resolve",
        Destination: { Arn: "arn:aws:events:us-east-1:000000000000:event-bus/resolve" },
        EventStartTime: before,
        EventEndTime,
      }),
    );
  const later = new Date(Date.now() + 60_000);
  await replay("first", later);
  await expect.poll(() => delivered).toHaveLength(4);
  expect(delivered.map(({ id }) => id).slice(2)).toEqual(delivered.map(({ id }) => id).slice(0, 2));
  expect(delivered.map((event) => event["replay-name"])).toEqual([undefined, undefined, "first", "first"]);
  expect(await client.send(new DescribeReplayCommand({ ReplayName: "first" }))).toMatchObject({ State: "COMPLETED" });
  await expect(replay("first", later)).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
  await replay("second", later);
  await expect.poll(() => delivered).toHaveLength(6);
  // A period without events.
  await replay("third", new Date(before.getTime() + 1_000));
  await new Promise((done) => setTimeout(done, 50));
  expect(delivered).toHaveLength(6);
});
