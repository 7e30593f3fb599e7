import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { lookup } from "../database/connections.ts";
import { resource } from "../resources.ts";
import { pingCache } from "./cache.ts";

const Part = z.enum(["ok", "failed"]);
type Part = z.output<typeof Part>;
const Reason = z.enum(["timeout", "unreachable", "refused"]);
type Reason = z.output<typeof Reason>;
export const Readiness = z.object({
  status: z.enum(["ok", "degraded", "unavailable"]),
  database: Part,
  queue: Part,
  cache: Part,
  /** Why parts failed: no response in two seconds, no connection, or a response that refused. Missing when all are ok. */
  reasons: z.object({ database: Reason, queue: Reason, cache: Reason }).partial().optional(),
});
export type Readiness = z.output<typeof Readiness>;

const timeoutMs = 2_000;

/** Pings database, queue and cache. Without the database the system is unavailable; without another one it is degraded. */
export async function checkReadiness(): Promise<Readiness> {
  const [database, queue, cache] = await Promise.all([
    part(pingDatabase),
    part(pingQueue),
    part(() => pingCache(timeoutMs)),
  ]);
  const reasons = { ...(database && { database }), ...(queue && { queue }), ...(cache && { cache }) };
  const stateOf = (reason: Reason | undefined): Part => (reason ? "failed" : "ok");
  return {
    status: database ? "unavailable" : queue || cache ? "degraded" : "ok",
    ...{ database: stateOf(database), queue: stateOf(queue), cache: stateOf(cache) },
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
}

/** The reason why a part fails; undefined when it works. */
const part = async (ping: (signal: AbortSignal) => Promise<unknown>): Promise<Reason | undefined> => {
  const signal = AbortSignal.timeout(timeoutMs);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return Promise.race([ping(signal), tooLate]).then(
    () => undefined,
    (error) => (signal.aborted ? "timeout" : isUnreachable(error) ? "unreachable" : "refused"),
  );
};

/** By the codes of Node and of the clients; `fetch` hides them. */
const isUnreachable = ({ code, message }: { code?: string; message?: string }): boolean =>
  message === "fetch failed" || /^(E[A-Z_]+$|CONNECT)/.test(code ?? "");

const pingDatabase = () => lookup("AppDatabase", (sql) => sql`select 1`);

const pingQueue = async (signal: AbortSignal) => {
  const { url, endpoint } = resource("DocumentProcessing");
  sqs ??= new SQSClient(endpoint ? { endpoint } : {});
  await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }), {
    abortSignal: signal,
  });
};
let sqs: SQSClient | undefined;
