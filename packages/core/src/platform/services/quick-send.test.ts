import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

/** A queue that stores what it is asked, and answers as a test decides. */
type Entry = { Id: string; MessageBody: string };
const requests: {
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: { QueueUrl: string; Entries: Entry[] };
}[] = [];
const accept = ({ Id, MessageBody }: Entry) => ({
  ...{ Id, MessageId: "m" },
  MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex"),
});
let answer: (entries: Entry[]) => { status: number; body: unknown } | undefined;
const server = createServer(async (request, response) => {
  const body = JSON.parse(await text(request));
  requests.push({ url: request.url, headers: request.headers, body });
  const reply = answer(body.Entries);
  if (reply) response.writeHead(reply.status).end(JSON.stringify(reply.body));
});

let send: typeof import("./queue.ts")["send"];
let sendQuickly: typeof import("./quick-send.ts")["sendQuickly"];
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_SESSION_TOKEN", "of a role");
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify({ WebhookResults: { url: `${endpoint}/0/results`, endpoint } }));
  ({ send } = await import("./queue.ts"));
  ({ sendQuickly } = await import("./quick-send.ts"));
});
beforeEach(() => {
  requests.length = 0;
  answer = (entries) => ({ status: 200, body: { Successful: entries.map(accept) } });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const messages = ["a", "b\uffff"].map((id) => ({ id: id[0]!, body: { text: id }, groupKey: null, delaySeconds: 0 }));

test("asks the queue for the same as the SDK, with a signature of the same credentials", async () => {
  expect(await sendQuickly("webhook-results", messages)).toBe(true);
  expect((await send("webhook-results", messages)).size).toBe(0);
  const [own, sdk] = requests.map(({ url, headers, body }) => {
    const { "x-amz-target": target, "content-type": type, "x-amz-security-token": token, authorization = "" } = headers;
    const scope = authorization.split(",")[0]!;
    const entries = body.Entries.map(({ Id, MessageBody }) => ({ Id, MessageBody }));
    return { url, target, type, token, scope, queue: body.QueueUrl, entries };
  });
  expect(own).toEqual(sdk);
  expect(requests[0]!.headers.authorization).toMatch(
    /SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$/,
  );
});

test.each<[string, typeof answer]>([
  ["takes a part", ([first]) => ({ status: 200, body: { Successful: [accept(first!)], Failed: [{ Id: "b" }] } })],
  ["refuses", () => ({ status: 403, body: { __type: "AccessDenied" } })],
  ["fails", () => ({ status: 503, body: {} })],
  ["does not answer in a second", () => undefined],
])("leaves the messages to the caller when the queue %s", async (_, how) => {
  answer = how;
  const startedAt = performance.now();
  expect(await sendQuickly("webhook-results", messages)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});

test("leaves more messages than one call takes to the caller", async () => {
  expect(await sendQuickly("webhook-results", Array(11).fill(messages[0]!))).toBe(false);
  expect(requests).toEqual([]);
});
