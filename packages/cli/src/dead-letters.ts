import { everyItem, type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";
import { pageAfter } from "./pages.ts";

type Options = { all?: true; yes?: true };

/** `resolve --operator dead-letters …`: messages that failed too often. */
export const addDeadLetterCommands = (program: Command, { client, show }: Pick<JobTools, "client" | "show">): void => {
  const group = program.command("dead-letters").description("messages that failed too often, for the operator");
  const path = "/api/v1/platform/dead-letters/{queueName}";
  const messagesOf = (queueName: string) =>
    everyItem((cursor) => unwrap(client().GET(path, { params: { path: { queueName }, query: pageAfter(cursor) } })));
  /** Repeats the request until it has reached every message. */
  const act = async (
    action: "redrive" | "purge",
    queueName: string,
    ids: string[],
    { all }: Options,
  ): Promise<void> => {
    if ((ids.length === 0) === !all) throw new Error("name messages, or --all");
    const body: Schemas["DeadLetterSelection"] = { messages: all ? "all" : ids };
    const refused: Schemas["DeadLetterResult"]["refused"] = [];
    for (let hasMore = true; hasMore; ) {
      const result = await unwrap(client().POST(`${path}/${action}`, { params: { path: { queueName } }, body }));
      show(result, ({ done }) => done.map((id) => `${id}  ${action === "purge" ? "purged" : "redriven"}`));
      refused.push(...result.refused);
      // A request that did nothing would do nothing again.
      hasMore = result.hasMore && result.done.length > 0;
    }
    if (refused.length > 0) throw new Error(refused.map(({ id, reason }) => `${id} was refused: ${reason}`).join("\n"));
  };

  group
    .command("list")
    .description("the dead-letter queues, or the messages of one, oldest first")
    .argument("[queue]")
    .action(async (queue?: string) => {
      if (queue === undefined) {
        const { data } = await unwrap(client().GET("/api/v1/platform/dead-letters"));
        show(data, (all) => all.map(queueLine));
        return;
      }
      for await (const message of messagesOf(queue)) show(message, (one) => [messageLine(one)]);
    });
  group
    .command("inspect")
    .description("a message with its body, without the texts in it")
    .argument("<queue>")
    .argument("<message>")
    .action(async (queue: string, id: string) => {
      for await (const message of messagesOf(queue))
        if (message.id === id) return show(message, (one) => [messageLine(one), JSON.stringify(one.body, null, 2)]);
      throw new Error(`${queue} has no message ${id} at present`);
    });
  group
    .command("redrive")
    .description("have messages processed again; their work is done once, however often this is repeated")
    .argument("<queue>")
    .argument("[messages...]")
    .option("--all", "every message of the queue")
    .action((queue: string, ids: string[], options: Options) => act("redrive", queue, ids, options));
  group
    .command("purge")
    .description("delete messages, which cannot be undone")
    .argument("<queue>")
    .argument("[messages...]")
    .option("--all", "every message of the queue")
    .option("--yes", "really delete them")
    .action((queue: string, ids: string[], options: Options) => {
      if (!options.yes)
        throw new Error(
          `${options.all ? "Every message" : `${ids.length} messages`} of ${queue} would be deleted; repeat it with --yes.`,
        );
      return act("purge", queue, ids, options);
    });
};

const queueLine = ({ name, kind, messages, hidden }: Schemas["DeadLetterQueue"]): string =>
  `${name.padEnd(20)}  ${kind.padEnd(5)}  ${messages} messages${hidden > 0 ? `, ${hidden} in use` : ""}`;
const messageLine = ({ id, sentAt, tenantId, body }: Schemas["DeadLetter"]): string =>
  `${id}  ${sentAt}  ${tenantId ?? "no tenant"}${body === null ? "  no JSON object" : ""}`;
