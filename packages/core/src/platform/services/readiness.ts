import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { lookup } from "../database/connections.ts";
import { resource } from "../resources.ts";
import { pingCache } from "./cache.ts";

type Part = "ok" | "failed";
export type Readiness = { status: "ok" | "degraded" | "unavailable"; database: Part; queue: Part; cache: Part };

const timeoutMs = 2_000;

/** Pings database, queue and cache. Without the database the system is unavailable; without another one it is degraded. */
export async function checkReadiness(): Promise<Readiness> {
  const [database, queue, cache] = await Promise.all([
    part(pingDatabase),
    part(pingQueue),
    part(() => pingCache(timeoutMs)),
  ]);
  const status = database === "failed" ? "unavailable" : queue === "failed" || cache === "failed" ? "degraded" : "ok";
  return { status, database, queue, cache };
}

const part = async (ping: (signal: AbortSignal) => Promise<unknown>): Promise<Part> => {
  const signal = AbortSignal.timeout(timeoutMs);
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return Promise.race([ping(signal), tooLate]).then(
    () => "ok" as const,
    () => "failed" as const,
  );
};

const pingDatabase = () => lookup("AppDatabase", (sql) => sql`select 1`);

const pingQueue = async (signal: AbortSignal) => {
  const { url, endpoint } = resource("DocumentProcessing");
  sqs ??= new SQSClient(endpoint ? { endpoint } : {});
  await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }), {
    abortSignal: signal,
  });
};
let sqs: SQSClient | undefined;
