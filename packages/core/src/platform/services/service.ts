import { readSecret, type SecretLink } from "./secrets.ts";

/** A service that requires an API key, which is in the link or in a secret. */
export type ServiceLink = { baseUrl: string; apiKey?: string | undefined } & Partial<SecretLink>;

/** POSTs JSON to a path below the service's base URL. */
export type Post = (path: string, body: unknown, signal: AbortSignal) => Promise<Response>;

/** Posts with the service's key. When the service refuses a cached key, reads the secret again and repeats the request once. */
export const postTo =
  ({ baseUrl, apiKey = "", secretArn, endpoint }: ServiceLink): Post =>
  async (path, body, signal) => {
    const send = (key: string) =>
      fetch(`${baseUrl}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
    if (!secretArn) return send(apiKey);
    const secret = { secretArn, endpoint };
    const response = await send(await readSecret(secret));
    return response.status === 401 ? send(await readSecret(secret, { isRefused: true })) : response;
  };
