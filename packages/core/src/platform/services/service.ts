import { readSecret, type SecretLink } from "./secrets.ts";

/** A service that wants a key: its own, or the one in the secret. */
export type ServiceLink = { baseUrl: string; apiKey?: string | undefined } & Partial<SecretLink>;

/** POSTs JSON to a path below the service's base URL. */
export type Post = (path: string, body: unknown, signal: AbortSignal) => Promise<Response>;

/** Posts with the service's key; with the key read anew when the known one is refused. */
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
