import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { pascal } from "../pascal.ts";
import { type QueueName, queueNames, resource } from "../resources.ts";
import { callSignal, type SendFailure, sendBatches } from "./batches.ts";

export type QueueMessage = {
  id: string;
  body: unknown;
  /** Of a FIFO queue: the messages that stay in order. Of another queue: the messages that share workers fairly. */
  groupKey: string | null;
  delaySeconds: number;
};
const isQueue = (name: string): name is QueueName => queueNames.some((queue) => queue === name);

export type { QueueName };

/** Sends messages and returns the failures by id. At least once; FIFO queues drop repeats of an id for 5 minutes. */
export function send(
  queue: string,
  messages: readonly QueueMessage[],
  signal?: AbortSignal,
): Promise<Map<string, SendFailure>> {
  const { url, endpoint } = resourceOf(queue);
  const isFifo = url.endsWith(".fifo");
  const entries = messages.map((message) => {
    const text = textOf(message.body);
    return { ...message, text, bytes: Buffer.byteLength(text) };
  });
  const sendBatch = async (batch: readonly (typeof entries)[number][]) => {
    const command = new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: batch.map((message) => ({
        Id: message.id,
        MessageBody: message.text,
        ...(isFifo
          ? { MessageGroupId: message.groupKey ?? message.id, MessageDeduplicationId: message.id }
          : { DelaySeconds: message.delaySeconds, ...(message.groupKey ? { MessageGroupId: message.groupKey } : {}) }),
      })),
    });
    const { Failed = [] } = await client(endpoint).send(command, { abortSignal: callSignal(signal) });
    return new Map(
      Failed.flatMap(({ Id, SenderFault, Code }) =>
        Id ? [[Id, { isRefused: SenderFault ?? false, error: Code ?? "unknown" }] as const] : [],
      ),
    );
  };
  return sendBatches(entries, sendBatch, { isOrdered: isFifo });
}

/** JSON with the two characters escaped that SQS refuses in a message although JSON permits them. */
export const textOf = (body: unknown): string =>
  JSON.stringify(body).replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** A message in the hands of a worker that polls for itself; Lambda's consumers never see this. */
export type Received = {
  body: string;
  /** Keeps others from it that many seconds from now; 0 gives it back at once. */
  hide(seconds: number): Promise<unknown>;
  /** It is done: nobody gets it again. */
  remove(): Promise<unknown>;
};

/** The longest that SQS holds a receive open. */
const waitSeconds = 20;

/** One message, hidden for the queue's visibility timeout; undefined when none came in 20 s or `signal` said stop. */
export async function receive(queue: string, signal: AbortSignal): Promise<Received | undefined> {
  const { url: QueueUrl, endpoint } = resourceOf(queue);
  const sqs = client(endpoint);
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds: waitSeconds });
  try {
    const { Messages = [] } = await sqs.send(command, { abortSignal: signal });
    const [message] = Messages;
    if (!message) return undefined;
    const { ReceiptHandle } = message;
    return {
      body: message.Body ?? "",
      hide: (VisibilityTimeout) =>
        sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })),
      remove: () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

export const resourceOf = (queue: string) => {
  if (!isQueue(queue)) throw new Error(`there is no queue ${queue}`);
  return resource(pascal(queue));
};

const clients = new Map<string | undefined, SQSClient>();
export const client = (endpoint: string | undefined): SQSClient => {
  const known = clients.get(endpoint);
  if (known) return known;
  const made = new SQSClient(endpoint ? { endpoint } : {});
  clients.set(endpoint, made);
  return made;
};
