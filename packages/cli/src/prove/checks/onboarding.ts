import { unwrap } from "@resolve/sdk";
import { type Check, seconds } from "../check.ts";
import { allDocuments, until } from "../tenant.ts";

const limitSeconds = 300;

export const onboarding: Check = {
  name: "onboarding",
  promise: "A new customer gets a right answer from its own documents within five minutes",
  limit: `${limitSeconds} s, and the answer names the right document`,
  async run({ a }) {
    const path = { runId: a.runId };
    const run = await until(
      "the onboarding",
      () => unwrap(a.client.GET("/api/v1/onboarding/{runId}", { params: { path, query: { waitSeconds: 5 } } })),
      ({ status }) => !["running", "waiting"].includes(status),
      limitSeconds,
    );
    const ms = performance.now() - a.requestedAt;
    const right = (await allDocuments(a.client)).find(({ name }) => name === a.fact.documentName)?.id;
    const first = run.steps.find(({ name }) => name === "search.first_answer")?.result?.["documentId"];
    const { answer, citations } = await unwrap(
      a.client.POST("/api/v1/answers", { body: { question: a.fact.question } }),
    );
    const isCited = citations[0]?.documentId === right && citations[0]?.quote.includes(a.fact.answer);
    const isRight = right !== undefined && first === right && isCited === true;
    const failed = run.steps.find(({ status }) => status === "failed");
    return {
      measured: `${seconds(ms)}, ${isRight ? "the right document" : "not the right document"}`,
      passed: run.status === "completed" && ms <= limitSeconds * 1000 && isRight,
      detail: [
        "from the call that creates the tenant with three documents to the completed onboarding",
        `asked “${a.fact.question}”, answered “${answer ?? "nothing"}”`,
        ...(run.status === "completed"
          ? []
          : [`wrong: the onboarding is ${run.status} at ${failed?.name ?? "a step"}`]),
        ...(first === right ? [] : ["wrong: the onboarding's first answer is from another document"]),
        ...(isCited ? [] : ["wrong: the answer does not quote the document that has it"]),
      ],
    };
  },
};
