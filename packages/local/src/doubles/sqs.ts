import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import {
  deadLetterRetentionSeconds,
  messageBytesMax,
  type QueueName,
  queues,
  type RuleName,
  rules,
} from "@resolve/functions/topology";
import { listeningPort } from "../listening-port.ts";
import { type Attributes, type Entry, Queue, SqsError, sizeOf } from "./sqs/queue.ts";

/** The double checks no credentials, but the SDK requires some. */
export const sqsCredentials = { accessKeyId: "local", secretAccessKey: "local" };

const account = "000000000000";
const batchMax = 10;
/** SQS's limit of a request (developer guide, "Message quotas"); a queue may have a lower one. */
const requestBytesMax = 1_048_576;
const day = 86_400;

type AnyQueue = QueueName | `${QueueName | RuleName}-dlq`;
type BatchEntry = Entry & { Id?: string; ReceiptHandle?: string; VisibilityTimeout?: number };
type Request = BatchEntry & {
  QueueUrl?: string;
  QueueName?: string;
  Attributes?: Record<string, string>;
  Entries?: BatchEntry[];
  MaxNumberOfMessages?: number;
  WaitTimeSeconds?: number;
};

/** SQS on loopback, in memory, with every queue of the topology and the dead-letter queues of queues and rules. */
export async function startSqs(port = 0, now: () => number = Date.now) {
  const known = new Map<string, Queue>();
  const create = (name: string, attributes: Partial<Attributes>): Queue => {
    const queue = new Queue(
      name,
      {
        isFifo: name.endsWith(".fifo"),
        visibilitySeconds: 30,
        retentionSeconds: 4 * day,
        bytesMax: requestBytesMax,
        ...attributes,
      },
      now,
    );
    known.set(name, queue);
    return queue;
  };
  for (const [name, spec] of Object.entries(queues)) {
    const bytesMax = messageBytesMax;
    const dead = create(fullName(`${name}-dlq`, spec.fifo), { retentionSeconds: deadLetterRetentionSeconds, bytesMax });
    create(fullName(name, spec.fifo), {
      visibilitySeconds: spec.visibilityTimeoutSeconds,
      retentionSeconds: spec.retentionSeconds,
      deadLetters: { queue: dead, maxReceiveCount: spec.maxReceiveCount },
      bytesMax,
    });
  }

  for (const name of Object.keys(rules)) create(`${name}-dlq`, { retentionSeconds: deadLetterRetentionSeconds });

  const find = (url: string | undefined): Queue => {
    const queue = known.get(url?.split("/").at(-1) ?? "");
    if (!queue) throw new SqsError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  };

  const actions: Record<string, (request: Request, response: ServerResponse) => unknown> = {
    CreateQueue({ QueueName = "", Attributes: given = {} }) {
      const redrive = given["RedrivePolicy"] ? JSON.parse(given["RedrivePolicy"]) : undefined;
      const queue = create(QueueName, {
        visibilitySeconds: Number(given["VisibilityTimeout"] ?? 30),
        retentionSeconds: Number(given["MessageRetentionPeriod"] ?? 4 * day),
        bytesMax: Number(given["MaximumMessageSize"] ?? requestBytesMax),
        deadLetters: redrive && {
          queue: find(redrive.deadLetterTargetArn.replaceAll(":", "/")),
          maxReceiveCount: Number(redrive.maxReceiveCount),
        },
      });
      return { QueueUrl: urlOf(queue.name) };
    },
    GetQueueAttributes({ QueueUrl }) {
      const queue = find(QueueUrl);
      const { visible, inFlight, delayed } = queue.counts();
      return {
        Attributes: {
          QueueArn: `arn:aws:sqs:us-east-1:${account}:${queue.name}`,
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(inFlight),
          ApproximateNumberOfMessagesDelayed: String(delayed),
        },
      };
    },
    SendMessage: (request) => find(request.QueueUrl).send(request),
    SendMessageBatch(request) {
      const queue = find(request.QueueUrl);
      if ((request.Entries ?? []).reduce((sum, entry) => sum + sizeOf(entry), 0) > requestBytesMax)
        throw new SqsError(
          "BatchRequestTooLong",
          "The length of all the messages put together is more than the limit.",
        );
      return eachEntry(request, (entry) => queue.send(entry));
    },
    async ReceiveMessage(request, response) {
      const { MaxNumberOfMessages = 1, WaitTimeSeconds = 0, VisibilityTimeout } = request;
      if (!(MaxNumberOfMessages >= 1 && MaxNumberOfMessages <= batchMax)) throw new SqsError("InvalidParameterValue");
      const queue = find(request.QueueUrl);
      // A client that went away must not take messages with it.
      response.once("close", () => queue.stopWaiting());
      const Messages = await queue.receive(
        MaxNumberOfMessages,
        WaitTimeSeconds,
        VisibilityTimeout,
        () => response.closed,
      );
      return Messages.length > 0 ? { Messages } : {};
    },
    DeleteMessage({ QueueUrl, ReceiptHandle }) {
      find(QueueUrl).delete(ReceiptHandle);
      return {};
    },
    DeleteMessageBatch: (request) => {
      const queue = find(request.QueueUrl);
      return eachEntry(request, ({ ReceiptHandle }) => queue.delete(ReceiptHandle));
    },
    ChangeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout = -1 }) {
      find(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch: (request) => {
      const queue = find(request.QueueUrl);
      return eachEntry(request, ({ ReceiptHandle, VisibilityTimeout = -1 }) =>
        queue.changeVisibility(ReceiptHandle, VisibilityTimeout),
      );
    },
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const action = actions[String(request.headers["x-amz-target"]).replace("AmazonSQS.", "")];
      if (!action) throw new SqsError("UnsupportedOperation");
      // The request of an AWS client.
      respond(response, 200, await action((await json(request)) as Request, response));
    } catch (error) {
      const { code, message } = error instanceof SqsError ? error : new SqsError("InternalError", String(error));
      respond(response, error instanceof SqsError ? 400 : 500, { __type: `com.amazonaws.sqs#${code}`, message });
    }
  };
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${listeningPort(server)}`;
  const urlOf = (name: string): string => `${endpoint}/${account}/${name}`;
  const nameOf = (name: AnyQueue): string =>
    // The name of a dead-letter queue is that of its queue or rule with a suffix; those of rules are not FIFO.
    fullName(name, queues[name.replace(/-dlq$/, "") as QueueName]?.fifo ?? false);
  const deadLetterUrls = [...Object.keys(queues), ...Object.keys(rules)].map((name) => [
    name,
    // The names are those of queues and rules.
    urlOf(nameOf(`${name as QueueName}-dlq`)),
  ]);
  return {
    endpoint,
    url: (name: AnyQueue): string => urlOf(nameOf(name)),
    /** The link `DeadLetters`. */
    deadLetters: { urls: Object.fromEntries(deadLetterUrls) as Record<string, string>, endpoint },
    /** Sends a message as a service of AWS does. */
    send: (name: AnyQueue, body: unknown): unknown => find(nameOf(name)).send({ MessageBody: JSON.stringify(body) }),
    /** The next messages that are sent to this queue are delivered twice. */
    duplicate: (name: QueueName, messages: number): void => find(nameOf(name)).duplicate(messages),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const respond = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
};

/** Each entry of a batch succeeds or fails for itself. @throws SqsError for a batch that is invalid as a whole */
const eachEntry = ({ Entries = [] }: Request, work: (entry: BatchEntry) => unknown) => {
  if (Entries.length === 0) throw new SqsError("EmptyBatchRequest");
  if (Entries.length > batchMax) throw new SqsError("TooManyEntriesInBatchRequest");
  const ids = Entries.map(({ Id = "" }) => Id);
  if (new Set(ids).size < ids.length) throw new SqsError("BatchEntryIdsNotDistinct");
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) throw new SqsError("InvalidBatchEntryId");
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of Entries)
    try {
      Successful.push({ Id: entry.Id, ...Object(work(entry)) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  return { Successful, Failed };
};

const fullName = (name: string, isFifo: boolean): string => (isFifo ? `${name}.fifo` : name);

export const queueArn = (name: string, fifo: boolean): string =>
  `arn:aws:sqs:us-east-1:${account}:${fullName(name, fifo)}`;
