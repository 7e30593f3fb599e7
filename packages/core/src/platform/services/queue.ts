import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { pascal } from "../pascal.ts";
import { type QueueName, queueNames, resource } from "../resources.ts";

export type QueueMessage = { id: string; body: unknown; groupKey: string | null; delaySeconds: number };
/** SQS takes 10 messages a call (SQS quotas). */
const batchMax = 10;

const isQueue = (name: string): name is QueueName => queueNames.some((queue) => queue === name);

export type { QueueName };

/** Sends messages and returns the ids of those the queue did not take. At least once; FIFO queues drop repeats of an id for 5 minutes. */
export async function send(queue: string, messages: readonly QueueMessage[]): Promise<Set<string>> {
  const { url, endpoint } = resourceOf(queue);
  const failed = new Set<string>();
  for (let start = 0; start < messages.length; start += batchMax) {
    const batch = messages.slice(start, start + batchMax);
    const isFifo = url.endsWith(".fifo");
    const command = new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: batch.map((message) => ({
        Id: message.id,
        MessageBody: JSON.stringify(message.body),
        ...(isFifo
          ? { MessageGroupId: message.groupKey ?? message.id, MessageDeduplicationId: message.id }
          : { DelaySeconds: message.delaySeconds }),
      })),
    });
    const { Failed = [] } = await client(endpoint).send(command);
    for (const entry of Failed) if (entry.Id) failed.add(entry.Id);
  }
  return failed;
}

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

const resourceOf = (queue: string) => {
  if (!isQueue(queue)) throw new Error(`there is no queue ${queue}`);
  return resource(pascal(queue));
};

const clients = new Map<string | undefined, SQSClient>();
const client = (endpoint: string | undefined): SQSClient => {
  const known = clients.get(endpoint);
  if (known) return known;
  const made = new SQSClient(endpoint ? { endpoint } : {});
  clients.set(endpoint, made);
  return made;
};
