import { inject } from "vitest";
import { type Call, callerOf, create } from "./client.ts";
import { describedBy, type OpenApi } from "./described.ts";

declare module "vitest" {
  interface ProvidedContext {
    system: { apiUrl: string; operatorKey: string | undefined; operatorToken?: string; leavingToken?: string };
  }
}

/** The system under test, as setup.ts found or started it. Suites other than smoke have an operator's key. */
const { apiUrl, operatorKey = "", operatorToken, leavingToken } = inject("system");

/** Whether the system runs on this machine, so that it can send requests to servers which a test starts. */
const isLocal = ["127.0.0.1", "localhost"].includes(new URL(apiUrl).hostname);
/** Of the API itself, so that a deployed one is compared with its own. What responds without one fails in the tests. */
const document = await fetch(`${apiUrl}/openapi.json`)
  .then((response) => response.json() as Promise<OpenApi>)
  .catch(() => ({}));
const differs = describedBy(document);

/** Requests with a key; the response must be as the OpenAPI document describes it. */
const caller = (key: string, more?: Record<string, string>): Call => {
  const call = callerOf(apiUrl, key, more);
  return async (method, path, body, headers) => {
    const response = await call(method, path, body, headers);
    const difference = differs(method, `/api/v1${path}`, body, response);
    if (difference) throw new Error(difference);
    return response;
  };
};
const operator = caller(operatorKey);

export const system = {
  apiUrl,
  operatorKey,
  /** A person who is an operator; undefined for a system that the tests did not start. */
  operatorToken,
  /** Another one, who signs out in one test. */
  leavingToken,
  isLocal,
  caller,
  operator,
  /** A new tenant, isolated from those of other tests; `key` is its administrator's. */
  async newTenant(more: object = {}) {
    const tenant = { name: "Acme", admin: { email: "ada@acme.example" }, ...more };
    const { status, body } = await create(operator, "/tenants", tenant);
    if (status !== 201) throw new Error(`the tenant was not created: ${status} ${JSON.stringify(body)}`);
    const key: string = body.apiKey.secret;
    return {
      id: body.tenant.id as string,
      key,
      call: caller(key),
      runId: body.onboarding.id as string,
      webhook: body.webhook as { id: string; secret: string } | undefined,
    };
  },
};

const letters = "0123456789abcdefghjkmnpqrstvwxyz";

/** A well-formed id that no object has: a prefix and a UUIDv7 in Crockford's base 32. */
export const unknownId = (prefix: string): string => {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(14)), (byte) => letters[byte % 32]).join("");
  // A time, then `e` for version 7 and `8` for the variant.
  return `${prefix}_01k9x00000e${random.slice(0, 2)}8${random.slice(2)}`;
};
