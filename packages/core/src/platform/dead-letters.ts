import { z } from "zod";
import type { AuditAction } from "./audit-actions.ts";
import { type Ctx, enqueue, inTenant, recordAudit, withTx } from "./context.ts";
import { pgError } from "./database/pg-error.ts";
import { Event } from "./envelope.ts";
import { type Id, idSchema, parseId } from "./id.ts";
import { jsonObject } from "./json.ts";
import { redact } from "./redact.ts";
import { queueNames } from "./resources.ts";
import {
  countDeadLetters,
  deadLetterNames,
  type DeadLetter as Message,
  receiveDeadLetters,
  releaseDeadLetters,
  removeDeadLetter,
} from "./services/dead-letters.ts";

export const DeadLetterQueue = z.object({
  name: z.string(),
  /** Whose messages it has: those of a queue, or the events that a rule could not deliver. */
  kind: z.enum(["queue", "rule"]),
  /** Approximate, as SQS counts. */
  messages: z.int(),
  /** Messages that another request is working with; they come back within 30 s. */
  hidden: z.int(),
});

export const DeadLetter = z.object({
  id: z.uuid(),
  tenantId: idSchema("tenant").nullable(),
  sentAt: z.date().meta({ format: "date-time" }),
  /** Without texts; null when it is not a JSON object. */
  body: jsonObject.nullable(),
});
type DeadLetter = z.output<typeof DeadLetter>;

/** `all` or the ids of messages. */
export const DeadLetterSelection = z.strictObject({
  messages: z.union([z.literal("all"), z.array(z.uuid()).min(1).max(100)]),
});
type Selection = z.output<typeof DeadLetterSelection>["messages"];

export const DeadLetterResult = z.object({
  /** Ids of messages that were redriven or purged. */
  done: z.array(z.string()),
  /** Messages that stay in the queue. */
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** Are there messages that the request did not reach? The next request continues. */
  hasMore: z.boolean(),
});
type Result = z.output<typeof DeadLetterResult>;

export const listDeadLetterQueues = (): Promise<z.output<typeof DeadLetterQueue>[]> =>
  Promise.all(
    deadLetterNames().map(async (name) => ({
      name,
      kind: isQueue(name) ? ("queue" as const) : ("rule" as const),
      ...(await countDeadLetters(name)),
    })),
  );

/** Messages that one request reads at most, and how long it works on them. */
const messagesMax = 1_000;
const workMs = 18_000;

/**
 * Oldest first. SQS has no positions: each page reads up to a thousand messages, sorts them, and gives them back. It does not
 * see messages that another request is working with, and of a FIFO queue at most ten of each group. @throws Problem `not-found`
 */
export async function listDeadLetters(
  name: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: DeadLetter[]; nextCursor: string | null; hasMore: boolean }> {
  const seen: Message[] = [];
  try {
    for await (const messages of received(name)) seen.push(...messages);
  } finally {
    await releaseDeadLetters(name, seen);
  }
  const later = seen
    .map((message) => ({ message, position: positionOf(message) }))
    .filter(({ position }) => position > (page.cursor ?? ""))
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const shown = later.slice(0, page.limit);
  const hasMore = later.length > shown.length;
  const data = shown.map(({ message }) => {
    const { json, tenantId } = read(name, message);
    // A copy of a JSON object is one.
    return { id: message.id, tenantId, sentAt: message.sentAt, body: json && (redact(json) as DeadLetter["body"]) };
  });
  return { data, nextCursor: hasMore ? (shown.at(-1)?.position ?? null) : null, hasMore };
}

/**
 * Sends messages again: those of a queue to the queue, and events of a rule to the bus or, an upload's, to `markUploaded`. The
 * message and its audit entry are written to the database in one transaction, and only then removed here. A process that dies
 * in between leaves the message for the next redrive; its consumer compares it with the row, so that repeats change nothing.
 * @throws Problem `not-found`
 */
export const redriveDeadLetters = (
  ctx: Ctx,
  name: string,
  selection: Selection,
  markUploaded: (ctx: Ctx, objectKey: string) => Promise<unknown>,
): Promise<Result> =>
  each(name, selection, async (message) => {
    const { tenantId, work } = read(name, message);
    if (!tenantId || !work) return "It is not a message of this system: no consumer could read it.";
    return audited(inTenant(ctx, tenantId), "deadletter.redrive", name, message, async (ctx) => {
      if ("objectKey" in work) await markUploaded(ctx, work.objectKey);
      else enqueue(ctx, { ...work, ...(message.groupKey === null ? {} : { groupKey: message.groupKey }) });
    });
  });

/** Deletes messages. Those that name no tenant are audited in the operator's own. @throws Problem `not-found` */
export const purgeDeadLetters = (ctx: Ctx, name: string, selection: Selection): Promise<Result> =>
  each(name, selection, async (message) => {
    const { tenantId } = read(name, message);
    const refusal = tenantId && (await audited(inTenant(ctx, tenantId), "deadletter.purge", name, message));
    if (refusal !== undefined) await audited(ctx, "deadletter.purge", name, message);
    return undefined;
  });

const isQueue = (name: string): boolean => queueNames.some((queue) => queue === name);

/** Times have 13 digits until 2286, so that texts are in the order of times. */
const positionOf = ({ sentAt, id }: Message): string => `${sentAt.getTime()}:${id}`;

/** Batches until none is left, or the request has read enough: then it returns true. They are hidden from other requests. */
async function* received(name: string): AsyncGenerator<Message[], boolean> {
  const deadline = performance.now() + workMs;
  for (let count = 0; count < messagesMax && performance.now() < deadline; ) {
    const messages = await receiveDeadLetters(name);
    if (messages.length === 0) return false;
    count += messages.length;
    yield messages;
  }
  return true;
}

/** Does `work` for each selected message and removes it, unless `work` returns why it cannot be done. */
const each = async (
  name: string,
  selection: Selection,
  work: (message: Message) => Promise<string | undefined>,
): Promise<Result> => {
  const wanted = selection === "all" ? undefined : new Set(selection);
  const result: Result = { done: [], refused: [], hasMore: false };
  const others: Message[] = [];
  const batches = received(name);
  try {
    while (wanted?.size !== 0) {
      const next = await batches.next();
      if (next.done) {
        result.hasMore = next.value;
        break;
      }
      for (const message of next.value) {
        const isWanted = wanted === undefined || wanted.delete(message.id);
        const reason = isWanted ? await work(message) : undefined;
        if (reason !== undefined) result.refused.push({ id: message.id, reason });
        if (!isWanted || reason !== undefined) others.push(message);
        else {
          await removeDeadLetter(name, message);
          result.done.push(message.id);
        }
      }
    }
  } finally {
    // Together at the end, because they would be received again before.
    await releaseDeadLetters(name, others);
  }
  // Another request may be working with them, or they were redriven or purged before.
  for (const id of wanted ?? []) result.refused.push({ id, reason: "The queue has no such message at present." });
  return result;
};

/** Returns a reason when the tenant does not exist. */
const audited = async (
  ctx: Ctx,
  action: AuditAction,
  queue: string,
  { id, sentAt }: Message,
  work: (ctx: Ctx) => Promise<void> = async () => {},
): Promise<string | undefined> => {
  try {
    await withTx(ctx, async (ctx) => {
      await work(ctx);
      recordAudit(ctx, { action, subject: id, detail: { queue, sentAt: sentAt.toISOString() } });
    });
    return undefined;
  } catch (error) {
    if (pgError(error).code !== foreignKeyViolation) throw error;
    return "Its tenant does not exist.";
  }
};
const foreignKeyViolation = "23503";

type Work = { topic: string; body: Record<string, unknown> } | { objectKey: string };
type Read = { json: Record<string, unknown> | null; tenantId: Id<"tenant"> | null; work?: Work };

const Upload = z.object({ object: z.object({ key: z.string() }) });

/** What the message stands for. Lambda wraps an event that a function failed to handle. */
const read = (name: string, { body }: Message): Read => {
  const json = jsonObject.safeParse(parsed(body)).data ?? null;
  if (json === null) return { json, tenantId: null };
  if (isQueue(name)) return { json, tenantId: tenantOf(json["tenantId"]), work: { topic: name, body: json } };
  const { detail } = jsonObject.parse(jsonObject.safeParse(json["requestPayload"]).data ?? json);
  const upload = Upload.safeParse(detail).data;
  if (upload) {
    const objectKey = upload.object.key;
    return { json, tenantId: tenantOf(objectKey.split("/")[1]), work: { objectKey } };
  }
  const event = Event.loose().safeParse(detail).data;
  return event ? { json, tenantId: event.tenantId, work: { topic: "events", body: event } } : { json, tenantId: null };
};

const tenantOf = (value: unknown): Id<"tenant"> | null =>
  typeof value === "string" ? (parseId("tenant", value) ?? null) : null;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
