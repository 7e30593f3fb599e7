import { type Check, details } from "../check.ts";
import { sha256 } from "../tenant.ts";

const usesAfterRevoking = 10;

export const keys: Check = {
  name: "keys",
  promise: "A key does what its role allows, stops at once when it is revoked, and never sees another key's responses",
  limit: "0 wrong responses",
  async run({ a }) {
    let attempts = 0;
    const faults: string[] = [];
    const expect = async (what: string, expected: number, response: ReturnType<typeof a.call>) => {
      attempts += 1;
      const actual = await response;
      if (actual.status !== expected) faults.push(`${what}: the status is ${actual.status} instead of ${expected}`);
      return actual;
    };
    const make = async (role: string) => {
      const { json } = await expect(
        `creating a ${role} key`,
        201,
        a.call("POST", "/api/v1/api-keys", { body: { name: `prove ${role}`, role } }),
      );
      return { key: String(json["secret"]), id: idOf(json["apiKey"]) };
    };
    const document = { name: "keys.txt", text: "What a key may do." };

    const readonly = await make("readonly");
    const user = await make("user");
    await expect("reading with a read-only key", 200, a.call("GET", "/api/v1/documents", { key: readonly.key }));
    const { json: made } = await expect(
      "writing with the first key",
      201,
      a.call("POST", "/api/v1/documents", { body: document }),
    );
    const documentPath = `/api/v1/documents/${idOf(made["document"])}`;
    for (const [method, path, body] of [
      ["POST", "/api/v1/documents", document],
      ["PATCH", documentPath, { name: "other.txt" }],
      ["DELETE", documentPath, undefined],
      ["POST", "/api/v1/api-keys", { name: "more", role: "user" }],
      ["POST", "/api/v1/webhooks", { url: "https://resolve-prove.invalid/" }],
      ["PATCH", "/api/v1/tenant", { name: "Other" }],
    ] as const)
      await expect(`${method} ${path} with a read-only key`, 403, a.call(method, path, { body, key: readonly.key }));

    for (const key of [`${a.key}0`, "rsk_live_none", guessed(a.key)])
      await expect("a key that does not exist", 401, a.call("GET", "/api/v1/documents", { key }));

    // The first response contains a secret, which a repeated request with another key must not return.
    for (const [path, body] of [
      ["/api/v1/api-keys", { name: "prove once", role: "readonly" }],
      ["/api/v1/documents", { ...document, name: "once.txt" }],
    ] as const) {
      const headers = { "idempotency-key": `prove-${crypto.randomUUID()}` };
      const original = await expect(`POST ${path}`, 201, a.call("POST", path, { body, headers }));
      for (const { key } of [user, readonly]) {
        attempts += 1;
        const other = await a.call("POST", path, { body, headers, key });
        if (other.headers.has("idempotency-replayed") || other.text === original.text)
          faults.push(`POST ${path} shows one key's response to another key`);
      }
    }

    const revoked = await make("tenant_admin");
    await expect("a key before it is revoked", 200, a.call("GET", "/api/v1/documents", { key: revoked.key }));
    await expect("revoking a key", 204, a.call("DELETE", `/api/v1/api-keys/${revoked.id}`));
    for (let n = 0; n < usesAfterRevoking; n++)
      await expect("a revoked key", 401, a.call("GET", "/api/v1/documents", { key: revoked.key }));
    return {
      measured: `${faults.length} wrong responses in ${attempts}`,
      passed: faults.length === 0,
      detail: details(
        [
          "read-only keys that write, keys that do not exist, requests repeated by another key",
          `a key used ${usesAfterRevoking} times after it was revoked`,
        ],
        faults,
      ),
    };
  },
};

/** The id of an object in a response. */
const idOf = (object: unknown): string => String(Object(object).id);

/** The key's id with another secret and a correct checksum, so that only the stored hash shows that it is wrong. */
const guessed = (key: string): string => {
  const body = key.slice(0, key.lastIndexOf("_")).replace(/[0-9a-f]{64}$/, "0".repeat(64));
  return `${body}_${sha256(body).slice(0, 8)}`;
};
