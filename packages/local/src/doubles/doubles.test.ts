import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { queues, type RuleSpec } from "@resolve/functions/topology";
import { Redis } from "@upstash/redis";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startGateway } from "../gateway.ts";
import { pollQueue } from "../poller.ts";
import { cronPattern, startSchedules } from "../scheduler.ts";
import { startBus } from "./bus.ts";
import { startCache } from "./cache.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./postgres/embedded.ts";
import { startS3 } from "./s3.ts";
import { queueArn, sqsCredentials, startSqs } from "./sqs.ts";

/** The doubles as AWS's and other clients see them: over their real protocols, with the semantics handlers rely on. */
const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
const region = "us-east-1";
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition: () => boolean, seconds = 10): Promise<void> => {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > seconds * 1000) throw new Error("it did not come true in time");
    await pause(20);
  }
};

describe("bus", () => {
  const rule: RuleSpec = {
    bus: "resolve",
    pattern: { source: ["resolve.document"] },
    target: "fan-out",
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 60,
  };
  const start = async (invoke: () => Promise<unknown>) => {
    const bus = await startBus({ invoke, rules: { wanted: rule }, retryMs: () => 1 });
    closers.push(bus.close);
    const client = new EventBridgeClient({ endpoint: bus.endpoint, region, credentials });
    const put = (source: string, detail = "{}", count = 1) =>
      client.send(
        new PutEventsCommand({
          Entries: Array.from({ length: count }, () => ({
            EventBusName: "resolve",
            Source: source,
            DetailType: "document.ready",
            Detail: detail,
          })),
        }),
      );
    return { bus, put };
  };

  test("a target that fails is invoked again, and what it never takes is kept as a dead letter", async () => {
    let calls = 0;
    const { bus, put } = await start(async () => {
      calls += 1;
      throw new Error("no");
    });
    await put("resolve.document");
    await until(() => bus.deadLetters.length === 1);
    expect(calls).toBe(3);
    expect(bus.deadLetters[0]).toMatchObject({
      rule: "wanted",
      error: "no",
      event: { "detail-type": "document.ready" },
    });
  });

  test("only matching events reach the target, bad entries are refused one by one, eleven as a whole", async () => {
    let calls = 0;
    const { put } = await start(async () => calls++);
    expect((await put("resolve.tenant")).FailedEntryCount).toBe(0);
    expect((await put("aws.s3")).Entries?.[0]?.ErrorCode).toBe("NotAuthorizedForSourceException");
    expect((await put("resolve.document", "[1]")).Entries?.[0]?.ErrorCode).toBe("MalformedDetail");
    await expect(put("resolve.document", "{}", 11)).rejects.toThrow("between 1 and 10");
    await put("resolve.document", "{}", 10);
    await until(() => calls === 10);
  });
});

describe("queues and pollers", () => {
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
    const spec = { ...queues["webhook-delivery"], maximumConcurrency: 2 };
    const poller = pollQueue({
      client,
      url,
      arn: queueArn("quick", false),
      spec,
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
        (
          await client.send(
            new ReceiveMessageCommand({ QueueUrl: dead, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
          )
        ).Messages ?? []
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

  test("of a batch only the message that is reported failed comes again, and in the end it is a dead letter", async () => {
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
    await until(() => seen.filter((body) => body === "poison").length === 2);
    for (let tries = 0; (await deadBodies()).length === 0 && tries < 100; tries++) await pause(100);
    expect(await deadBodies()).toEqual(["poison"]);
    expect(seen.sort()).toEqual(["better", "good", "poison", "poison"]);
    expect(await left()).toBe(0);
  }, 30_000);

  test.each([
    ["throws", () => Promise.reject(new Error("no"))],
    ["reports an id that is not there", () => Promise.resolve({ batchItemFailures: [{ itemIdentifier: "?" }] })],
  ])(
    "a handler that %s gets the whole batch again",
    async (_, fail) => {
      const seen: string[] = [];
      let calls = 0;
      const { sendAll } = await setUp(async ({ Records }) => {
        seen.push(...Records.map(({ body }) => body));
        calls += 1;
        return calls === 1 ? fail() : undefined;
      });
      await sendAll("one", "two");
      await until(() => seen.length >= 4);
      expect(seen.sort()).toEqual(["one", "one", "two", "two"]);
    },
    30_000,
  );
});

describe("storage", () => {
  const start = async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "resolve-s3-"));
    const created: unknown[] = [];
    const s3 = await startS3({
      dataDir,
      buckets: ["documents"],
      credentials,
      onObjectCreated: (event) => created.push(event.detail),
    });
    closers.push(async () => rmSync(dataDir, { recursive: true }), s3.close);
    const client = new S3Client({
      endpoint: s3.endpoint,
      region,
      credentials,
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    return { client, created, endpoint: s3.endpoint };
  };
  const Bucket = "documents";

  test("what is put can be read, is announced with its size, and another one's key is refused", async () => {
    const { client, created, endpoint } = await start();
    const Key = "t/één/o'clock file.txt";
    await client.send(new PutObjectCommand({ Bucket, Key, Body: "content", ContentType: "text/plain" }));
    const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect([await Body!.transformToString(), ContentType]).toEqual(["content", "text/plain"]);
    expect(created).toMatchObject([{ bucket: { name: Bucket }, object: { key: Key, size: 7 } }]);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: "t/none" }))).rejects.toMatchObject({
      name: "NotFound",
    });
    const stranger = new S3Client({
      endpoint,
      region,
      credentials: { ...credentials, secretAccessKey: "guessed" },
      forcePathStyle: true,
    });
    await expect(stranger.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
    expect((await fetch(`${endpoint}/${Bucket}/t/none`)).status).toBe(403);
  });

  test("tagging, which would destroy the object in the store behind, is refused", async () => {
    const { client } = await start();
    await client.send(new PutObjectCommand({ Bucket, Key: "t/a", Body: "kept" }));
    await expect(
      client.send(new PutObjectTaggingCommand({ Bucket, Key: "t/a", Tagging: { TagSet: [] } })),
    ).rejects.toThrow();
    expect(await (await client.send(new GetObjectCommand({ Bucket, Key: "t/a" }))).Body!.transformToString()).toBe(
      "kept",
    );
  });
});

describe("cache", () => {
  test("speaks Upstash's protocol: values, expiry, locks, pipelines, scripts", async () => {
    const { url, token, close } = await startCache({ token: "right", redisUrl: process.env["TEST_REDIS_URL"] });
    closers.push(close);
    const redis = new Redis({ url, token, retry: { retries: 0 } });
    const key = `test:${crypto.randomUUID()}`;
    expect(await redis.set(key, { a: [1, "ü"] }, { ex: 60 })).toBe("OK");
    expect(await redis.get(key)).toEqual({ a: [1, "ü"] });
    expect(await redis.ttl(key)).toBeGreaterThan(50);
    expect([await redis.set(`${key}:lock`, 1, { nx: true }), await redis.set(`${key}:lock`, 1, { nx: true })]).toEqual([
      "OK",
      null,
    ]);
    expect(await redis.pipeline().incr(`${key}:n`).incr(`${key}:n`).get(`${key}:none`).exec()).toEqual([1, 2, null]);
    expect(await redis.eval("return redis.call('GET', KEYS[1])", [`${key}:n`], [])).toBe(2);
    await expect(new Redis({ url, token: "wrong", retry: { retries: 0 } }).get(key)).rejects.toThrow("Unauthorized");
  });
});

describe("gateway", () => {
  test("hands over requests in payload format 2.0 and gives back what the function answers", async () => {
    const events: Record<string, unknown>[] = [];
    const gateway = await startGateway({
      port: 0,
      invoke: async (name, event) => {
        events.push({ name, ...(event as object) });
        return {
          statusCode: 201,
          headers: { "x-a": "b" },
          cookies: ["c=d"],
          body: Buffer.from("ä").toString("base64"),
          isBase64Encoded: true,
        };
      },
    });
    closers.push(gateway.close);
    const base = `http://127.0.0.1:${gateway.port}`;
    const response = await fetch(`${base}/api/v1/x%20y?a=1&a=2&b=%C3%A4`, {
      method: "POST",
      body: new Uint8Array([0, 255]),
      headers: { "content-type": "application/pdf" },
    });
    expect([
      response.status,
      response.headers.get("x-a"),
      response.headers.get("set-cookie"),
      await response.text(),
    ]).toEqual([201, "b", "c=d", "ä"]);
    expect(events[0]).toMatchObject({
      name: "api",
      version: "2.0",
      routeKey: "ANY /api/{proxy+}",
      rawPath: "/api/v1/x%20y",
      rawQueryString: "a=1&a=2&b=%C3%A4",
      queryStringParameters: { a: "1,2", b: "ä" },
      body: "AP8=",
      isBase64Encoded: true,
      requestContext: { http: { method: "POST", path: "/api/v1/x%20y" } },
    });
    await fetch(`${base}/api/v1/documents/doc_1?waitSeconds=1`);
    expect(events[1]).toMatchObject({ name: "api-wait", routeKey: "GET /api/v1/documents/{documentId}" });
    expect(
      (await fetch(`${base}/api/v1/documents`, { method: "POST", body: new Uint8Array(10 * 1024 ** 2 + 1) })).status,
    ).toBe(413);
  });
});

describe("schedules", () => {
  test("AWS's six fields become five, weekdays counted from Sunday = 1", () => {
    expect(cronPattern("cron(15 2 * * ? *)")).toBe("15 2 * * *");
    expect(cronPattern("cron(0 4 ? * 1 *)")).toBe("0 4 * * 0");
    expect(() => cronPattern("cron(15 2 * * *)")).toThrow("not a schedule expression");
  });

  test("those who ask for it run at the start, and an error ends nothing", async () => {
    const events: unknown[] = [];
    const errors: string[] = [];
    const schedules = startSchedules({
      schedules: {
        fresh: { expression: "rate(1 minute)", target: "sweep", runAtStart: true },
        patient: { expression: "rate(1 hour)", target: "relay", runAtStart: false },
      },
      invoke: async (name, event) => {
        events.push([name, event]);
        throw new Error("no");
      },
      onError: (name) => errors.push(name),
    });
    await until(() => errors.length === 1);
    schedules.stop();
    expect([events, errors]).toEqual([[["sweep", {}]], ["fresh"]]);
  });
});

describe("embedded database", () => {
  let database: EmbeddedPostgres;
  beforeAll(async () => {
    database = await startEmbeddedPostgres();
  });
  afterAll(() => database.close());

  test("transactions of many connections do not see each other's middle", async () => {
    const sql = postgres(database.url(), { max: 8, onnotice: () => {} });
    await sql`create table counter (n int)`;
    await sql`insert into counter values (0)`;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        sql.begin(async (tx) => {
          const [row] = await tx<{ n: number }[]>`select n from counter`;
          await pause(2);
          await tx`update counter set n = ${row!.n + 1}`;
        }),
      ),
    );
    expect(await sql`select n from counter`).toMatchObject([{ n: 20 }]);
    await sql.end();
  });

  test("a connection that breaks off in a transaction is rolled back and frees the others", async () => {
    const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
    await sql`create table kept (n int)`;
    const socket = connect(database.port, "127.0.0.1");
    const startup = Buffer.from("user\0postgres\0database\0postgres\0\0");
    const head = Buffer.alloc(8);
    head.writeInt32BE(startup.length + 8, 0);
    head.writeInt32BE(196_608, 4);
    const query = (text: string) => {
      const body = Buffer.from(`${text}\0`);
      const message = Buffer.alloc(5);
      message.write("Q");
      message.writeInt32BE(body.length + 4, 1);
      return Buffer.concat([message, body]);
    };
    socket.write(Buffer.concat([head, startup]));
    await once(socket, "data");
    socket.write(query("begin"));
    await once(socket, "data");
    socket.write(query("insert into kept values (1)"));
    await once(socket, "data");
    socket.destroy();
    expect(await sql`select count(*)::int as n from kept`).toMatchObject([{ n: 0 }]);
    await sql.end();
  });

  test("COPY, which the socket cannot carry, is refused and the connection goes on", async () => {
    const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
    await sql`create table copied (n int)`;
    await expect(sql.unsafe("copy copied from stdin")).rejects.toThrow(/copy/i);
    expect(await sql`select 1 as n`).toMatchObject([{ n: 1 }]);
    await sql.end();
  });
});
