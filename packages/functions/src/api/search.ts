import { count, isUsedUp } from "@resolve/core/identity";
import * as searching from "@resolve/core/search";
import { newRouter, secured } from "./app.ts";
import { body, json, problems } from "./responses.ts";

const search = secured({
  method: "post",
  path: "/v1/search",
  operationId: "search",
  summary: "Search the tenant's documents; every hit cites its document, page and exact text",
  access: { permission: "search:query", scope: "tenant" },
  isReading: true,
  uses: ["searches"],
  request: body(searching.SearchQuery.meta({ id: "SearchQuery" })),
  responses: {
    200: json("Hits, best first", searching.SearchResult.meta({ id: "SearchResult" })),
    ...problems("invalid-request", "usage-limit-reached"),
  },
});

const answer = secured({
  method: "post",
  path: "/v1/answers",
  operationId: "answer",
  summary:
    "Answer a question from the tenant's documents, with verbatim quotes, or abstain when they do not support an answer",
  access: { permission: "search:query", scope: "tenant" },
  isReading: true,
  uses: ["answers"],
  request: body(searching.AnswerQuery.meta({ id: "AnswerQuery" })),
  responses: {
    200: json("The answer, or why there is none", searching.Answer.meta({ id: "Answer" })),
    ...problems("invalid-request", "usage-limit-reached"),
  },
});

export const searchRouter = newRouter()
  .openapi(search, async (c) => c.json(await searching.search(c.var.ctx, c.req.valid("json")), 200))
  .openapi(answer, async (c) => {
    const { ctx, caller } = c.var;
    const mayUseModel = !isUsedUp(caller.allowance, "modelAnswers");
    const onModel = () => count(ctx.tenantId, "modelAnswers");
    return c.json(await searching.answer(ctx, c.req.valid("json"), { mayUseModel, onModel }), 200);
  });
