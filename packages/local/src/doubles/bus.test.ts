import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { RuleSpec } from "@resolve/functions/topology";
import { afterEach, expect, test } from "vitest";
import { startBus } from "./bus.ts";

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
const start = async (invoke: () => Promise<unknown>) => {
  const bus = await startBus({ invoke, rules: { wanted: rule }, retryMs: () => 1 });
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
  return { bus, put };
};

test("a failing target is invoked again, and the event becomes a dead letter after the last retry", async () => {
  let calls = 0;
  const { bus, put } = await start(async () => {
    calls += 1;
    throw new Error("no");
  });
  await put("resolve.document");
  await expect.poll(() => bus.deadLetters.length === 1, { timeout: 10_000, interval: 20 }).toBe(true);
  expect(calls).toBe(3);
  expect(bus.deadLetters[0]).toMatchObject({
    rule: "wanted",
    error: "no",
    event: { "detail-type": "document.ready" },
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
