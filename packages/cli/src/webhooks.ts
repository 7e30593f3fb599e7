import { type Resolve, type Schemas, unwrap } from "@resolve/sdk";
import { type Command, InvalidArgumentError } from "commander";
import type { JobTools } from "./jobs.ts";
import { showFirst } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show"> & { positive(text: string): number };
type Webhook = Schemas["Webhook"];
type Result<T> = Parameters<typeof unwrap<T>>[0];
type Changes = Schemas["WebhookChanges"];
type Options = Omit<Changes, "eventTypes" | "eventBridge"> & {
  eventBus?: string;
  role?: string;
  types?: Changes["eventTypes"];
  header?: Record<string, string>;
};

/** `resolve webhooks …`: endpoints, what was delivered to them, and sending it again. */
export const addWebhookCommands = (program: Command, { client, show, positive }: Tools): void => {
  const group = program.command("webhooks").description("endpoints that receive events, and their deliveries");

  /** A command with the id of an endpoint or a delivery, whose response is shown. */
  const one = <T>(
    name: string,
    [description, argument]: [string, "webhook" | "delivery"],
    call: (api: Resolve, id: string) => Result<T>,
    lines: (result: T) => string[],
  ): Command =>
    group
      .command(name)
      .description(description)
      .argument(`<${argument}>`)
      .action(async (id: string) => show(await unwrap(call(client(), id)), lines));
  /** Options with the settings of an endpoint. */
  const settings = (command: Command): Command =>
    command
      .option("--types <types>", "event types separated by commas, or all", unless("all", commas))
      .option("--filter <pattern>", "an event pattern of EventBridge, or none", unless("none", json))
      .option("--header <name:value>", "a header of each request; all of them replace the former ones", header)
      .option("--event-bus <arn>", "an event bus of your account, instead of an address")
      .option("--role <arn>", "the role that may put events on it")
      .option("--ordered", "one attempt at a time, in the order of the log")
      .option("--no-ordered", "several attempts at a time")
      .option("--max-per-second <number>", "attempts that begin in a second, or none", unless("none", positive))
      .option("--max-concurrency <number>", "attempts under way at a time", positive);

  settings(group.command("create").description("register an endpoint and print its secret, which is shown only once"))
    .argument("[url]", "or --event-bus and --role instead")
    .action(async (url: string | undefined, options: Options) => {
      // `null` is the default of a setting that a new endpoint may leave out.
      const given = Object.entries(bodyOf(options)).filter(([, value]) => value !== null);
      const body: Schemas["NewWebhook"] = { ...(url === undefined ? {} : { url }), ...Object.fromEntries(given) };
      show(await unwrap(client().POST("/api/v1/webhooks", { body })), withSecret);
    });
  group
    .command("list")
    .description("list endpoints, newest first")
    .action(() =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (query) => unwrap(client().GET("/api/v1/webhooks", { params: { query } })),
        (webhook) => show(webhook, (found) => [webhookLine(found)]),
      ),
    );
  settings(group.command("update").description("change an endpoint"))
    .argument("<webhook>")
    .option("--url <url>", "its new address")
    .action(async (id: string, options: Options) => {
      const changes = { ...webhook(id), body: bodyOf(options) };
      show(await unwrap(client().PATCH("/api/v1/webhooks/{webhookId}", changes)), webhookLines);
    });
  one(
    "get",
    ["an endpoint and its settings", "webhook"],
    (api, id) => api.GET("/api/v1/webhooks/{webhookId}", webhook(id)),
    webhookLines,
  );
  one(
    "metrics",
    ["success and latency of the last 24 hours, and the backlog", "webhook"],
    (api, id) => api.GET("/api/v1/webhooks/{webhookId}/metrics", webhook(id)),
    (metrics) => Object.entries(metrics).map(([name, value]) => `${name.padEnd(16)} ${value ?? ""}`.trimEnd()),
  );
  one(
    "enable",
    ["send again, also what was held", "webhook"],
    (api, id) => api.POST("/api/v1/webhooks/{webhookId}/enable", webhook(id)),
    webhookLines,
  );
  one(
    "disable",
    ["stop sending, and hold new deliveries", "webhook"],
    (api, id) => api.POST("/api/v1/webhooks/{webhookId}/disable", webhook(id)),
    webhookLines,
  );
  one(
    "delete",
    ["remove an endpoint and its deliveries", "webhook"],
    (api, id) => api.DELETE("/api/v1/webhooks/{webhookId}", webhook(id)),
    () => [],
  );
  one(
    "test",
    ["send a test event, and print the id of its delivery", "webhook"],
    (api, id) => api.POST("/api/v1/webhooks/{webhookId}/test", webhook(id)),
    ({ deliveryId }) => [deliveryId],
  );
  group
    .command("rotate-secret")
    .description("replace the signing secret and print the new one, which is shown only once")
    .argument("<webhook>")
    .option("--overlap-seconds <number>", "how long the former secret signs too; 0 when it has leaked", Number, 86_400)
    .action(async (id: string, body: { overlapSeconds: number }) => {
      const path = "/api/v1/webhooks/{webhookId}/rotate-secret";
      show(await unwrap(client().POST(path, { ...webhook(id), body })), withSecret);
    });
  group
    .command("recover")
    .description("send what the endpoint has not received since a time; follow it with `resolve job`")
    .argument("<webhook>")
    .requiredOption("--since <time>", "such as 2026-01-31T00:00:00Z (required)")
    .option("--until <time>", "the end of that time, now by default")
    .option("--rate-per-second <number>", "events per second", positive, 100)
    .action(async (id: string, body: Schemas["WebhookRecovery"]) => {
      show(await unwrap(client().POST("/api/v1/webhooks/{webhookId}/recover", { ...webhook(id), body })), jobLine);
    });
  group
    .command("replay")
    .description("send a range of the event log, also what was delivered; follow it with `resolve job`")
    .argument("<webhook>")
    .requiredOption("--after <sequence>", "the sequence before the first event (required)", Number)
    .option("--until <sequence>", "the last one, by default that of the log", positive)
    .option("--rate-per-second <number>", "events per second", positive, 100)
    .action(async (id: string, body: Schemas["WebhookReplay"]) => {
      show(await unwrap(client().POST("/api/v1/webhooks/{webhookId}/replay", { ...webhook(id), body })), jobLine);
    });
  group
    .command("deliveries")
    .description("deliveries to an endpoint, newest first")
    .argument("<webhook>")
    .option("--status <status>", "only those that are pending, held, delivered or failed")
    .option("--type <type>", "only events of this type")
    .option("--limit <number>", "the largest number of items", positive, 100)
    .action(
      async (id: string, options: { status?: Schemas["WebhookDelivery"]["status"]; type?: string; limit: number }) => {
        const { status, type, limit } = options;
        const filter = { ...(status ? { status } : {}), ...(type ? { eventType: type } : {}) };
        const path = "/api/v1/webhooks/{webhookId}/deliveries";
        await showFirst(
          limit,
          (query) => unwrap(client().GET(path, { params: { ...webhook(id).params, query: { ...query, ...filter } } })),
          (delivery) => show(delivery, (found) => [deliveryLine(found)]),
        );
      },
    );
  one(
    "attempts",
    ["the last hundred attempts of a delivery, with the beginning of each response", "delivery"],
    (api, id) => api.GET("/api/v1/deliveries/{deliveryId}/attempts", delivery(id)),
    ({ data }) => data.flatMap(attemptLines),
  );
  one(
    "retry",
    ["make the next attempt of a delivery now, also after the last one", "delivery"],
    (api, id) => api.POST("/api/v1/deliveries/{deliveryId}/retry", delivery(id)),
    (found) => [deliveryLine(found)],
  );
};

const webhook = (webhookId: string) => ({ params: { path: { webhookId } } });
const delivery = (deliveryId: string) => ({ params: { path: { deliveryId } } });

/** Commander has no `null`, so the option's word stands for it until here. */
const bodyOf = ({ types, header: headers, eventBus, role, ...others }: Options): Changes => {
  const given = {
    ...others,
    // The API refuses one without the other.
    ...(eventBus || role ? { eventBridge: { eventBusArn: eventBus ?? "", roleArn: role ?? "" } } : {}),
    ...(types === undefined ? {} : { eventTypes: types }),
    ...(headers === undefined ? {} : { headers }),
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, isRemoved(value) ? null : value]));
};
const isRemoved = (value: unknown): boolean => value === "all" || value === "none";

const unless =
  <T>(word: "all" | "none", parse: (text: string) => T) =>
  (text: string): T | typeof word =>
    text === word ? word : parse(text);
// The API refuses a type that does not exist.
const commas = (text: string) => text.split(",") as NonNullable<Changes["eventTypes"]>;
const json = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("must be JSON.");
  }
};
const header = (text: string, others: Record<string, string> = {}): Record<string, string> => {
  const at = text.indexOf(":");
  if (at < 1) throw new InvalidArgumentError("must be a name, a colon and a value.");
  return { ...others, [text.slice(0, at)]: text.slice(at + 1).trim() };
};

const webhookLine = ({ id, status, url }: Webhook): string => `${id}  ${status.padEnd(8)}  ${url}`;
const webhookLines = (webhook: Webhook): string[] => {
  const { id: _id, status: _status, url: _url, ...settings } = webhook;
  const set = Object.entries(settings).filter(([, value]) => value !== null);
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return [webhookLine(webhook), ...set.map(([name, value]) => `    ${name.padEnd(16)} ${text(value)}`)];
};
const withSecret = ({ webhook, secret }: { webhook: Webhook; secret: string }): string[] => [
  webhookLine(webhook),
  `secret  ${secret}`,
];
const jobLine = ({ job }: { job: Schemas["Job"] }): string[] => [`${job.id}  ${job.status}`];
const deliveryLine = ({ id, status, sequence, eventType, attempts, statusCode, cause }: Schemas["WebhookDelivery"]) =>
  `${id}  ${status.padEnd(9)}  ${String(sequence).padStart(6)}  ${eventType}  ${attempts} attempts  ${statusCode ?? ""} ${cause ?? ""}`.trimEnd();
const attemptLines = ({ number, attemptedAt, statusCode, cause, durationMs, response }: Schemas["WebhookAttempt"]) => [
  `${String(number).padStart(3)}  ${attemptedAt}  ${statusCode ?? "no status"}  ${cause ?? "success"}  ${durationMs} ms`,
  ...(response ? [`     ${response.replaceAll(/\s+/g, " ")}`] : []),
];
