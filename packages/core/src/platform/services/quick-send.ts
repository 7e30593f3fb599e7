import { text } from "node:stream/consumers";
import { client, type QueueMessage, resourceOf, textOf } from "./queue.ts";

/** SQS takes so many messages in a call. */
const messagesMax = 10;
/** Then `send` tries, which the function's time must suffice for too. */
const timeoutMs = 1_000;

/**
 * Sends messages of a standard queue with one call, and returns whether the queue has taken all; if not, the caller uses `send`. A call of
 * the SDK takes a millisecond of CPU, as much as ten attempts of webhooks. Credentials, signature and connections are the SDK's here too.
 */
export async function sendQuickly(
  queue: string,
  messages: readonly Pick<QueueMessage, "id" | "body">[],
): Promise<boolean> {
  if (messages.length > messagesMax) return false;
  const { url, endpoint } = resourceOf(queue);
  const { config } = client(endpoint);
  const { protocol, host, hostname, port, pathname } = new URL(endpoint ?? url);
  const Entries = messages.map(({ id, body }) => ({ Id: id, MessageBody: textOf(body) }));
  const request = {
    ...{ method: "POST", protocol, hostname, path: endpoint ? pathname : "/", query: {} },
    ...(port ? { port: Number(port) } : {}),
    headers: { host, "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessageBatch" },
    body: JSON.stringify({ QueueUrl: url, Entries }),
  };
  const scheme = { name: "sigv4", signingName: "sqs", signingRegion: await config.region(), properties: {} };
  try {
    const signed = await (await config.signer(scheme)).sign(request);
    const { response } = await config.requestHandler.handle(signed, {
      abortSignal: AbortSignal.timeout(timeoutMs),
    });
    const { Successful = [] } = JSON.parse(await text(response.body)) as { Successful?: unknown[] };
    return response.statusCode === 200 && Successful.length === messages.length;
  } catch {
    return false;
  }
}
