import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { messageBytesMax } from "@resolve/functions/topology";
import { afterEach, expect, test } from "vitest";
import { sqsCredentials, startSqs } from "./sqs.ts";

/** The double of SQS, used through the AWS client, with the topology's queues and a clock of the test. */
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const start = async () => {
  let passed = 0;
  const sqs = await startSqs(0, () => Date.now() + passed * 1000);
  const client = new SQSClient({ endpoint: sqs.endpoint, region: "us-east-1", credentials: sqsCredentials });
  closers.push(sqs.close, async () => client.destroy());
  const fifo = sqs.url("document-processing");
  const standard = sqs.url("onboarding");
  return {
    ...{ sqs, client, fifo, standard },
    pass: (seconds: number) => {
      passed += seconds;
    },
    send: (body: string, group?: string, id: string = randomUUID()) =>
      client.send(
        new SendMessageCommand({
          ...{ QueueUrl: group ? fifo : standard, MessageBody: body },
          ...(group ? { MessageGroupId: group, MessageDeduplicationId: id } : {}),
        }),
      ),
    receive: async (QueueUrl: string, MaxNumberOfMessages = 10) =>
      (
        await client.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, MessageSystemAttributeNames: ["All"] }),
        )
      ).Messages ?? [],
    remove: (QueueUrl: string, ReceiptHandle: string | undefined) =>
      client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
  };
};
const bodies = (messages: { Body?: string | undefined }[]) => messages.map(({ Body }) => Body);

test("while messages of a FIFO group are in flight, nobody receives the next ones; other groups go on", async () => {
  const { send, receive, remove, fifo, pass, client } = await start();
  for (const body of ["a1", "a2", "b1"]) await send(body, body[0]);
  // Several messages of a group may come at once, in their order.
  const [first, second, third] = await receive(fifo, 2);
  expect(bodies([first!, second!])).toEqual(["a1", "a2"]);
  expect(third).toBeUndefined();
  await send("a3", "a");
  expect(bodies(await receive(fifo))).toEqual(["b1"]);
  await remove(fifo, second!.ReceiptHandle);
  expect(await receive(fifo)).toEqual([]);
  // The first message stays in flight longer than its neighbours.
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: fifo, ReceiptHandle: first!.ReceiptHandle, VisibilityTimeout: 400 }),
  );
  pass(350);
  expect(bodies(await receive(fifo))).toEqual(["b1"]);
  pass(60);
  expect(bodies(await receive(fifo))).toEqual(["a1", "a3"]);
});

test("a FIFO queue drops repeats of a deduplication id for five minutes, also when the message was deleted", async () => {
  const { send, receive, remove, fifo, pass } = await start();
  const first = await send("a", "a", "same");
  const [message] = await receive(fifo);
  await remove(fifo, message!.ReceiptHandle);
  expect((await send("a", "a", "same")).MessageId).toBe(first.MessageId);
  expect(await receive(fifo)).toEqual([]);
  pass(301);
  await send("a", "a", "same");
  expect(await receive(fifo)).toHaveLength(1);
});

test("a receipt handle that has expired deletes nothing: FIFO queues refuse it, standard queues ignore it", async () => {
  const { send, receive, remove, fifo, standard, pass } = await start();
  await send("a", "a");
  await send("b");
  const [late] = await receive(fifo);
  const [old] = await receive(standard);
  pass(301);
  await expect(remove(fifo, late!.ReceiptHandle)).rejects.toThrow("The receipt handle has expired");
  const [again] = await receive(standard);
  expect(again?.Attributes?.ApproximateReceiveCount).toBe("2");
  await remove(standard, old!.ReceiptHandle);
  pass(181);
  const [third] = await receive(standard);
  // The last handle is good after its visibility timeout too, as long as nobody else has received the message.
  pass(181);
  await remove(standard, third!.ReceiptHandle);
  expect(await receive(standard)).toEqual([]);
  await expect(remove(standard, "guessed")).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
});

test("the entries of a batch succeed or fail one by one, and messages beyond the size limit are refused", async () => {
  const { client, standard, fifo, receive, send } = await start();
  const batch = (Entries: SendMessageBatchRequestEntry[], QueueUrl = standard) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const full = "x".repeat(messageBytesMax);
  const { Successful, Failed } = await batch([
    { Id: "full", MessageBody: full },
    { Id: "large", MessageBody: `${full}x` },
    { Id: "invalid", MessageBody: "\uFFFE" },
    { Id: "unexpected", MessageBody: "x", MessageDeduplicationId: "1" },
  ]);
  expect(Successful?.map(({ Id }) => Id)).toEqual(["full"]);
  expect(Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
    ["large", "InvalidParameterValue", true],
    ["invalid", "InvalidMessageContents", true],
    ["unexpected", "InvalidParameterValue", true],
  ]);
  await expect(send(`${full}x`)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  const ungrouped = await batch([{ Id: "1", MessageBody: "x" }], fifo);
  expect(ungrouped.Failed?.map(({ Code }) => Code)).toEqual(["MissingParameter"]);
  const many = (count: number, MessageBody = "x") =>
    batch(Array.from({ length: count }, (_, n) => ({ Id: String(n), MessageBody })));
  await expect(many(11)).rejects.toMatchObject({ name: "TooManyEntriesInBatchRequest" });
  await expect(many(5, full)).rejects.toMatchObject({ name: "BatchRequestTooLong" });
  await expect(
    batch([
      { Id: "1", MessageBody: "x" },
      { Id: "1", MessageBody: "y" },
    ]),
  ).rejects.toMatchObject({
    name: "BatchEntryIdsNotDistinct",
  });
  const [message] = await receive(standard);
  const removed = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: standard,
      Entries: [
        { Id: "good", ReceiptHandle: message!.ReceiptHandle },
        { Id: "bad", ReceiptHandle: "guessed" },
      ],
    }),
  );
  expect([removed.Successful?.map(({ Id }) => Id), removed.Failed?.map(({ Id }) => Id)]).toEqual([["good"], ["bad"]]);
});

test("a message of a standard queue is delivered twice on demand, under the same id", async () => {
  const { sqs, send, receive, standard, remove } = await start();
  sqs.duplicate("onboarding", 1);
  await send("twice");
  await send("once");
  const received = await receive(standard);
  expect(bodies(received)).toEqual(["twice", "twice", "once"]);
  expect(received[0]!.MessageId).toBe(received[1]!.MessageId);
  await remove(standard, received[0]!.ReceiptHandle);
});

test("a message goes to the dead-letter queue after its last receive, and leaves a queue after the retention", async () => {
  const { sqs, send, receive, standard, pass } = await start();
  await send("poison");
  for (let n = 0; n < 5; n += 1) {
    expect(await receive(standard)).toHaveLength(1);
    pass(181);
  }
  expect(await receive(standard)).toEqual([]);
  expect(bodies(await receive(sqs.url("onboarding-dlq")))).toEqual(["poison"]);
  pass(15 * 86_400);
  expect(await receive(sqs.url("onboarding-dlq"))).toEqual([]);
});

test("a receiver waits for a message, and one that went away takes none", async () => {
  const { client, send, standard } = await start();
  const wait = (abortSignal?: AbortSignal) =>
    client.send(
      new ReceiveMessageCommand({ QueueUrl: standard, WaitTimeSeconds: 20 }),
      abortSignal ? { abortSignal } : {},
    );
  const gone = new AbortController();
  const aborted = wait(gone.signal).catch((error: Error) => error.name);
  await new Promise((done) => setTimeout(done, 100));
  gone.abort();
  expect(await aborted).toBe("AbortError");
  await new Promise((done) => setTimeout(done, 100));
  const waiting = wait();
  await send("hello");
  expect((await waiting).Messages).toMatchObject([{ Body: "hello" }]);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: standard, AttributeNames: ["All"] }),
  );
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesNotVisible: "1",
  });
});
