import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { verifyWebhook } from "@resolve/sdk";
import type { Tenant } from "./tenant.ts";

/** A delivery that the receiver has accepted. `subjectId`: of its event. */
type Arrival = { webhookId: string; subjectId: string; at: number; body: string; headers: Record<string, string> };

/** A receiver of webhooks on this machine, which accepts everything. It can be down for a time, and keeps its address. */
export async function startReceiver() {
  const arrivals: Arrival[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.writeHead(204).end();
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const subjectId = String(JSON.parse(body).subject.id);
    arrivals.push({ webhookId: String(headers["webhook-id"]), subjectId, at: performance.now(), body, headers });
  });
  const up = async (port = 0) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await up();
  // It listens on a port of TCP.
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    const closed = server.listening && once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { arrivals, url: `http://127.0.0.1:${port}/`, down, up: () => up(port) };
}

/** A webhook for the event that `createKey` causes. */
export const createWebhook = async (tenant: Tenant, url: string): Promise<{ id: string; secret: string }> => {
  const body = { url, eventTypes: ["apikey.created"] };
  const { status, json } = await tenant.call("POST", "/api/v1/webhooks", { body });
  if (status !== 201) throw new Error(`creating a webhook: the API responded with ${status}`);
  return { id: String(Object(json["webhook"]).id), secret: String(json["secret"]) };
};

/** Returns the id of the new key, which is the subject of one event. */
export const createKey = async (tenant: Tenant): Promise<string> => {
  const body = { name: "prove webhooks", role: "readonly" };
  const { status, json } = await tenant.call("POST", "/api/v1/api-keys", { body });
  if (status !== 201) throw new Error(`creating a key: the API responded with ${status}`);
  return String(Object(json["apiKey"]).id);
};

export const isSigned = ({ body, headers }: Arrival, secret: string): boolean => {
  try {
    return Boolean(verifyWebhook(body, headers, secret));
  } catch {
    return false;
  }
};
