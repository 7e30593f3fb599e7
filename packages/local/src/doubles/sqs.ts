import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { deadLetterRetentionSeconds, messageBytesMax, type QueueName, queues } from "@resolve/functions/topology";
import { startFauxqs } from "fauxqs";

/** The double checks no credentials, but the SDK requires some. */
export const sqsCredentials = { accessKeyId: "local", secretAccessKey: "local" };

/** SQS on loopback, in memory, with every queue of the topology and its dead-letter queue. */
export async function startSqs(port = 0) {
  const server = await startFauxqs({ port, logger: false });
  const endpoint = server.address.replace("localhost", "127.0.0.1");
  const client = new SQSClient({ endpoint, region: "us-east-1", credentials: sqsCredentials });
  const urls = new Map<string, string>();
  const create = async (name: string, fifo: boolean, attributes: Record<string, string>) => {
    const command = new CreateQueueCommand({
      QueueName: fifo ? `${name}.fifo` : name,
      Attributes: {
        MaximumMessageSize: String(messageBytesMax),
        ...(fifo ? { FifoQueue: "true" } : {}),
        ...attributes,
      },
    });
    const { QueueUrl } = await client.send(command);
    urls.set(name, String(QueueUrl));
  };
  for (const [name, queue] of Object.entries(queues)) {
    await create(`${name}-dlq`, queue.fifo, { MessageRetentionPeriod: String(deadLetterRetentionSeconds) });
    await create(name, queue.fifo, {
      VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
      MessageRetentionPeriod: String(queue.retentionSeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(`${name}-dlq`, queue.fifo),
        maxReceiveCount: queue.maxReceiveCount,
      }),
    });
  }
  client.destroy();
  return {
    endpoint,
    // Every queue of the topology has been created above.
    url: (name: QueueName | `${QueueName}-dlq`): string => urls.get(name)!,
    close: () => server.stop(),
  };
}

export const queueArn = (name: string, fifo: boolean): string =>
  `arn:aws:sqs:us-east-1:000000000000:${name}${fifo ? ".fifo" : ""}`;
