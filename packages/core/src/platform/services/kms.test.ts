import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { KMSClient } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { awsKms, localKms } from "./kms.ts";

test("the AWS driver sends the tenant as encryption context", async () => {
  const asked: { target: string; body: Record<string, unknown> }[] = [];
  // KMS's JSON protocol; it wraps keys by exclusive or, which is enough to compare requests and responses.
  const flip = (bytes: Buffer, context: unknown) =>
    Buffer.from(bytes.map((byte) => byte ^ JSON.stringify(context).length));
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { CiphertextBlob: string; EncryptionContext: unknown };
    const target = String(request.headers["x-amz-target"]);
    asked.push({ target, body });
    const plain = Buffer.alloc(32, 9);
    const result = target.endsWith("GenerateDataKey")
      ? {
          Plaintext: plain.toString("base64"),
          CiphertextBlob: flip(plain, body.EncryptionContext).toString("base64"),
        }
      : { Plaintext: flip(Buffer.from(body.CiphertextBlob, "base64"), body.EncryptionContext).toString("base64") };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(result));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new KMSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const kms = awsKms(client, "arn:aws:kms:us-east-1:1:key/k");
  const { key, wrapped } = await kms.generateDataKey("ten_a");
  expect(wrapped).not.toEqual(key);
  expect(await kms.unwrap("ten_a", wrapped)).toEqual(key);
  expect(asked.map(({ body }) => body["EncryptionContext"])).toEqual([{ tenantId: "ten_a" }, { tenantId: "ten_a" }]);
  expect(asked[0]).toMatchObject({
    target: "TrentService.GenerateDataKey",
    body: { KeySpec: "AES_256", KeyId: "arn:aws:kms:us-east-1:1:key/k" },
  });
  server.close();
});

test("the local driver unwraps no key of another tenant and no altered key", async () => {
  const kms = localKms(randomBytes(32));
  const { key, wrapped } = await kms.generateDataKey("ten_a");
  expect(await kms.unwrap("ten_a", wrapped)).toEqual(key);
  await expect(kms.unwrap("ten_b", wrapped)).rejects.toThrow();
  wrapped[wrapped.length - 1]! ^= 1;
  await expect(kms.unwrap("ten_a", wrapped)).rejects.toThrow();
});
