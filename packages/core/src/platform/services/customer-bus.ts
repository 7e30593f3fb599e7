import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { LRUCache } from "lru-cache";
import { now } from "../clock.ts";
import { inEventOrder } from "../envelope.ts";
import { sourceOf } from "../event-source.ts";
import { optionalResource } from "../resources.ts";

/** An event for a bus in a tenant's account, and the role there that may put events on it. `url` is the ARN of the bus. */
type BusMessage = { tenantId: string; url: string; roleArn?: string | undefined; body: string };

/** Together at most 15 s, as every attempt: STS is called twice, then the event is put. */
const assumeSeconds = 4;
const putSeconds = 6;
const sessionSeconds = 3_600;
/** A session is not used in its last minutes: clocks differ, and an attempt takes time. */
const marginSeconds = 300;
const sessionsMax = 1_000;

type Cause = "role" | "bus" | "timeout" | "connection";
type Outcome = { statusCode: number | null; cause: Cause | null; response: string };

/** Clients with the credentials of a tenant's role, for as long as these are valid. Attempts at the same time assume it once. */
const clients = new LRUCache<string, EventBridgeClient, BusMessage>({
  max: sessionsMax,
  perf: { now: () => now().getTime() },
  fetchMethod: async (_key, _known, { options, context }) => {
    const { tenantId, url } = context;
    await assertClosed(context);
    const { Credentials } = await assume(context, tenantId);
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken, Expiration } = Credentials ?? {};
    const leftMs = (Expiration?.getTime() ?? 0) - now().getTime() - marginSeconds * 1000;
    options.ttl = Math.max(1, leftMs);
    return new EventBridgeClient({
      ...connection(),
      // The ARN's fourth part is its region.
      region: url.split(":")[3]!,
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      },
    });
  },
});

const assume = ({ tenantId, url, roleArn }: BusMessage, ExternalId: string) => {
  const allowed = { Effect: "Allow", Action: "events:PutEvents", Resource: url };
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: `resolve-${tenantId}`,
    ExternalId,
    DurationSeconds: sessionSeconds,
    // The session can do no more than this, whatever the role permits.
    Policy: JSON.stringify({ Version: "2012-10-17", Statement: [allowed] }),
  });
  sts ??= new STSClient(connection());
  return sts.send(command, { abortSignal: AbortSignal.timeout(assumeSeconds * 1000) });
};
let sts: STSClient | undefined;

/** Has the form of a tenant's id, and is none: its time is 1970. */
const nobody = `ten_${"0".repeat(26)}`;

/** A role that any ExternalId fits may belong to somebody else: another tenant has only learned its name. @throws OpenRole */
const assertClosed = async (message: BusMessage): Promise<void> => {
  try {
    await assume(message, nobody);
  } catch (error) {
    if (error instanceof Error && error.name === "AccessDenied") return;
    throw error;
  }
  throw new OpenRole();
};

class OpenRole extends Error {
  override readonly name = "OpenRole";
  override readonly message = "the role's trust policy does not require the ExternalId (sts:ExternalId)";
}

/** The schedule of the delivery repeats, not the client. */
const connection = () => ({ maxAttempts: 1, ...optionalResource("CustomerRoles") });

/** Puts the event on the tenant's bus. Every behaviour of AWS and of the tenant's account is an outcome; only bugs throw. */
export const putOnBus = async (message: BusMessage): Promise<Outcome> => {
  const key = JSON.stringify([message.tenantId, message.roleArn, message.url]);
  let client: EventBridgeClient;
  try {
    client = await clients.forceFetch(key, { context: message });
  } catch (error) {
    return failureOf(error, "role");
  }
  const event = inEventOrder(JSON.parse(message.body));
  const entry = {
    EventBusName: message.url,
    Source: sourceOf(String(event["type"])),
    DetailType: String(event["type"]),
    Time: new Date(String(event["occurredAt"])),
    Detail: message.body,
  };
  try {
    const command = new PutEventsCommand({ Entries: [entry] });
    const { Entries = [] } = await client.send(command, { abortSignal: AbortSignal.timeout(putSeconds * 1000) });
    const [{ EventId, ErrorCode, ErrorMessage } = {}] = Entries;
    // The request succeeds also when the entry fails.
    if (EventId !== undefined && ErrorCode === undefined) return { statusCode: 200, cause: null, response: EventId };
    return { statusCode: null, cause: "bus", response: `${ErrorCode}: ${ErrorMessage ?? ""}` };
  } catch (error) {
    // The next attempt assumes the role again: the credentials may have been revoked.
    clients.delete(key);
    return failureOf(error, "bus");
  }
};

/** AWS's errors name the resources, and never credentials. */
const failureOf = (error: unknown, refused: Cause): Outcome => {
  if (error instanceof OpenRole) return { statusCode: null, cause: refused, response: error.message };
  // Anything can be thrown; what is not an object has none of these members.
  const { name, message, $metadata } = Object(error) as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  if ($metadata?.httpStatusCode !== undefined)
    return { statusCode: $metadata.httpStatusCode, cause: refused, response: `${name}: ${message}` };
  const isTimeout = name === "TimeoutError" || name === "AbortError";
  return { statusCode: null, cause: isTimeout ? "timeout" : "connection", response: "" };
};
