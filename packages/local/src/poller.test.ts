import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { queues } from "@resolve/functions/topology";
import { afterEach, expect, test } from "vitest";
import { queueArn, sqsCredentials, startSqs } from "./doubles/sqs.ts";
import { pollQueue } from "./poller.ts";

/** The poller on the double of SQS, as Lambda's event source reads a queue. */
const region = "us-east-1";
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const setUp = async (invoke: (event: { Records: { body: string; messageId: string }[] }) => Promise<unknown>) => {
  const sqs = await startSqs();
  closers.push(sqs.close);
  const client = new SQSClient({ endpoint: sqs.endpoint, region, credentials: sqsCredentials });
  const create = async (name: string, attributes: Record<string, string>) =>
    (await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl!;
  const dead = await create("quick-dlq", {});
  const url = await create("quick", {
    VisibilityTimeout: "1",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn("quick-dlq", false), maxReceiveCount: 2 }),
  });
  const spec = queues["webhook-delivery"];
  const poller = pollQueue({
    client,
    url,
    arn: queueArn("quick", false),
    spec,
    concurrency: 2,
    invoke: invoke as (event: unknown) => Promise<unknown>,
  });
  closers.push(poller.stop);
  const sendAll = (...bodies: string[]) =>
    client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })),
      }),
    );
  const deadBodies = async () =>
    (
      (await client.send(new ReceiveMessageCommand({ QueueUrl: dead, MaxNumberOfMessages: 10, VisibilityTimeout: 0 })))
        .Messages ?? []
    ).map(({ Body }) => Body);
  const left = async () => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return (
      Number(Attributes?.["ApproximateNumberOfMessages"]) +
      Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"])
    );
  };
  return { sendAll, deadBodies, left };
};

test("only the failed message of a batch is received again, and it ends in the dead-letter queue", async () => {
  const seen: string[] = [];
  const { sendAll, deadBodies, left } = await setUp(async ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    return {
      batchItemFailures: Records.filter(({ body }) => body === "poison").map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  });
  await sendAll("good", "poison", "better");
  await expect
    .poll(() => seen.filter((body) => body === "poison").length === 2, { timeout: 10_000, interval: 20 })
    .toBe(true);
  for (let tries = 0; (await deadBodies()).length === 0 && tries < 100; tries++) await pause(100);
  expect(await deadBodies()).toEqual(["poison"]);
  expect(seen.sort()).toEqual(["better", "good", "poison", "poison"]);
  expect(await left()).toBe(0);
}, 30_000);

test.each([
  ["throws", () => Promise.reject(new Error("no"))],
  ["reports an id that is not there", () => Promise.resolve({ batchItemFailures: [{ itemIdentifier: "?" }] })],
])(
  "a handler that %s receives the whole batch again",
  async (_, fail) => {
    const seen: string[] = [];
    let calls = 0;
    const { sendAll } = await setUp(async ({ Records }) => {
      seen.push(...Records.map(({ body }) => body));
      calls += 1;
      return calls === 1 ? fail() : undefined;
    });
    await sendAll("one", "two");
    await expect.poll(() => seen.length >= 4, { timeout: 10_000, interval: 20 }).toBe(true);
    expect(seen.sort()).toEqual(["one", "one", "two", "two"]);
  },
  30_000,
);
