import { z } from "@hono/zod-openapi";
import { markUploaded, parseObjectKey } from "@resolve/core/documents";
import * as dead from "@resolve/core/platform/dead-letters";
import { newRouter, secured } from "./app.ts";
import { body, json, pageLimit, pageSchema, problems } from "./responses.ts";

const access = { permission: "work:release", scope: "platform" } as const;
const params = z.object({
  queueName: z.string().meta({ description: "A queue or a rule, as `GET /v1/platform/dead-letters` lists them" }),
});

const queues = secured({
  method: "get",
  path: "/v1/platform/dead-letters",
  operationId: "listDeadLetterQueues",
  summary: "The dead-letter queues of queues and rules, with their numbers of messages",
  access,
  responses: {
    200: json("All", z.object({ data: z.array(dead.DeadLetterQueue.meta({ id: "DeadLetterQueue" })) })),
    ...problems(),
  },
});

const list = secured({
  method: "get",
  path: "/v1/platform/dead-letters/{queueName}",
  operationId: "listDeadLetters",
  summary: "Messages that failed too often, oldest first, without their texts. Only the first thousand can be listed",
  access,
  request: { params, query: z.strictObject({ limit: pageLimit, cursor: z.string().max(100).optional() }) },
  responses: {
    200: json("One page", pageSchema(dead.DeadLetter.meta({ id: "DeadLetter" }))),
    ...problems("invalid-request", "not-found"),
  },
});

const act = <const N extends "redrive" | "purge">(name: N, summary: string) =>
  secured({
    method: "post",
    path: `/v1/platform/dead-letters/{queueName}/${name}`,
    operationId: `${name}DeadLetters`,
    summary,
    access,
    // A message that is done is no longer in the queue.
    isRepeatable: true,
    request: { params, ...body(dead.DeadLetterSelection.meta({ id: "DeadLetterSelection" })) },
    responses: {
      200: json("What was done", dead.DeadLetterResult.meta({ id: "DeadLetterResult" })),
      ...problems("invalid-request", "not-found"),
    },
  });
const redrive = act("redrive", "Have messages processed again; a message whose work is done already changes nothing");
const purge = act("purge", "Delete messages; the sweep still repeats work that its rows are waiting for");

export const deadLettersRouter = newRouter()
  .openapi(queues, async (c) => c.json({ data: await dead.listDeadLetterQueues() }, 200))
  .openapi(list, async (c) =>
    c.json(await dead.listDeadLetters(c.req.valid("param").queueName, c.req.valid("query")), 200),
  )
  .openapi(redrive, async (c) => {
    const { queueName } = c.req.valid("param");
    const { messages } = c.req.valid("json");
    const result = await dead.redriveDeadLetters(c.var.ctx, queueName, messages, async (ctx, key) => {
      const named = parseObjectKey(key);
      if (named) await markUploaded(ctx, { id: named.documentId, version: named.version });
    });
    return c.json(result, 200);
  })
  .openapi(purge, async (c) => {
    const { queueName } = c.req.valid("param");
    return c.json(await dead.purgeDeadLetters(c.var.ctx, queueName, c.req.valid("json").messages), 200);
  });
