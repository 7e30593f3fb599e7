import { randomUUID } from "node:crypto";
import type { Call } from "../../client.ts";

const attemptsMax = 10;
const waitMs = 500;

/** A caller as the documentation asks for: every POST has an Idempotency-Key, and a response that says "later" is followed. */
export const retrying =
  (call: Call): Call =>
  async (method, path, body, headers) => {
    const all = method === "POST" ? { "idempotency-key": randomUUID(), ...headers } : headers;
    for (let attempt = 1; ; attempt++) {
      const response = await call(method, path, body, all);
      const isLater = [429, 503].includes(response.status) || response.body?.code === "idempotency-in-progress";
      if (!isLater || attempt === attemptsMax) return response;
      await new Promise((done) => setTimeout(done, waitMs * attempt));
    }
  };
