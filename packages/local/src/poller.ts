import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueSpec } from "@resolve/functions/topology";

const waitSeconds = 20;
const pauseAfterErrorMs = 500;

type HandlerResult = { batchItemFailures?: { itemIdentifier?: string }[] } | undefined;

/**
 * Lambda's SQS event source mapping: it polls, invokes the function and deletes the successful messages. Failed
 * messages become visible again after the queue's visibility timeout: those that the handler reports, or the whole
 * batch when the handler throws or reports an unknown id.
 */
export function pollQueue(options: {
  client: SQSClient;
  url: string;
  arn: string;
  spec: QueueSpec;
  /** Invocations at a time. */
  concurrency: number;
  invoke: (event: unknown) => Promise<unknown>;
}) {
  const { client, url, spec } = options;
  const stopping = new AbortController();

  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        const received = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: Math.min(spec.batchSize, 10),
            WaitTimeSeconds: waitSeconds,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
          { abortSignal: stopping.signal },
        );
        const messages = received.Messages ?? [];
        if (messages.length > 0) await process(messages);
      } catch {
        if (!stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs));
      }
    }
  };

  const process = async (messages: Message[]) => {
    const failed = await failuresOf(messages, () =>
      options.invoke({ Records: messages.map((message) => recordOf(message, options.arn)) }),
    );
    const done = messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
    if (done.length === 0) return;
    const entries = done.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));
  };

  const loops = Array.from({ length: options.concurrency }, loop);
  return {
    /** Stops polling and waits for running invocations. */
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

const failuresOf = async (messages: Message[], invoke: () => Promise<unknown>): Promise<Set<string>> => {
  const all = new Set(messages.map(({ MessageId = "" }) => MessageId));
  try {
    // A handler of a queue returns this or nothing.
    const failures = ((await invoke()) as HandlerResult)?.batchItemFailures ?? [];
    // "If you return an empty or unknown itemIdentifier, Lambda treats the batch as a complete failure" (Lambda developer guide).
    if (failures.some(({ itemIdentifier }) => !itemIdentifier || !all.has(itemIdentifier))) return all;
    return new Set(failures.map(({ itemIdentifier = "" }) => itemIdentifier));
  } catch {
    return all;
  }
};

const recordOf = (message: Message, arn: string) => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      { stringValue: value.StringValue, dataType: value.DataType, stringListValues: [], binaryListValues: [] },
    ]),
  ),
  md5OfBody: message.MD5OfBody,
  eventSource: "aws:sqs",
  eventSourceARN: arn,
  awsRegion: "us-east-1",
});
