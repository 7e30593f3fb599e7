import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { Problem } from "../problems.ts";
import { resource } from "../resources.ts";
import { client } from "./queue.ts";

/** A message of a dead-letter queue, which nobody else receives for `hiddenSeconds`. */
export type DeadLetter = { id: string; body: string; sentAt: Date; groupKey: string | null; receipt: string };

/** Longer than a request of the API takes. */
export const hiddenSeconds = 30;
const batchMax = 10;
/** SQS asks all of its servers only when it may wait; an empty result then means that nothing is left. */
const waitSeconds = 1;

/** The names of the dead-letter queues: those of their queues and rules. */
export const deadLetterNames = (): string[] => Object.keys(resource("DeadLetters").urls).sort();

/** @throws Problem `not-found` */
const queueOf = (name: string) => {
  const { urls, endpoint } = resource("DeadLetters");
  if (!Object.hasOwn(urls, name)) throw new Problem("not-found");
  return { QueueUrl: urls[name]!, sqs: client(endpoint) };
};

/** SQS counts approximately: a message that has just arrived may be missing. */
export const countDeadLetters = async (name: string): Promise<{ messages: number; hidden: number }> => {
  const { QueueUrl, sqs } = queueOf(name);
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  const [messages, hidden] = names.map((attribute) => Number(Attributes[attribute] ?? 0));
  return { messages: messages!, hidden: hidden! };
};

/** At most ten messages; none when nothing is left. */
export const receiveDeadLetters = async (name: string): Promise<DeadLetter[]> => {
  const { QueueUrl, sqs } = queueOf(name);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batchMax,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["SentTimestamp", "MessageGroupId"],
    }),
  );
  return Messages.map(({ MessageId = "", Body = "", ReceiptHandle = "", Attributes = {} }) => ({
    id: MessageId,
    body: Body,
    sentAt: new Date(Number(Attributes.SentTimestamp)),
    groupKey: Attributes.MessageGroupId ?? null,
    receipt: ReceiptHandle,
  }));
};

export const removeDeadLetter = async (name: string, { receipt }: DeadLetter): Promise<void> => {
  const { QueueUrl, sqs } = queueOf(name);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
};

/** Lets others receive these messages at once. Without it they come back by themselves. */
export const releaseDeadLetters = async (name: string, messages: readonly DeadLetter[]): Promise<void> => {
  const { QueueUrl, sqs } = queueOf(name);
  for (let from = 0; from < messages.length; from += batchMax) {
    const Entries = messages
      .slice(from, from + batchMax)
      .map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
};
