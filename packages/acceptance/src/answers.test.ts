import { beforeAll, describe, expect, test } from "vitest";
import { addDocument as add, type Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Answers that consist of the documents' sentences, without a language model. */
const newTenant = async (): Promise<Call> => (await system.newTenant()).call;
const ask = async (call: Call, question: string, more: object = {}) => {
  const { status, body } = await call("POST", "/answers", { question, ...more });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

const handbook = `Employees may end their contract at any time. The notice period for employees is three months.
During probation it is two weeks. Managers agree on their own terms in writing.

Holiday is requested in the portal. Every employee has thirty days of holiday a year. Unused days expire in March.`;
const vertrag = `Die Gewährleistung für Brillengläser beträgt zwei Jahre. Sie beginnt mit der Lieferung.
Kratzer sind von der Gewährleistung ausgeschlossen.`;
const city = "东京是日本的首都。人口超过一千三百万。大阪是第二大城市。";

let call: Call;
let stranger: Call;
let ids: { handbook: string; vertrag: string; city: string };

beforeAll(async () => {
  [call, stranger] = [await newTenant(), await newTenant()];
  await add(stranger, { name: "lunch", text: "Lunch is served from noon. The canteen closes at two." });
  ids = {
    handbook: await add(call, { name: "handbook", text: handbook, metadata: { team: "people" } }),
    vertrag: await add(call, { name: "vertrag", text: vertrag }),
    city: await add(call, { name: "city", text: city }),
  };
});

describe("a question", () => {
  test.each<[string, keyof typeof ids, string]>([
    ["What is the notice period for employees?", "handbook", "The notice period for employees is three months."],
    ["How many days of holiday has an employee?", "handbook", "Every employee has thirty days of holiday a year."],
    ["Wie lange ist die Gewährleistung?", "vertrag", "Die Gewährleistung für Brillengläser beträgt zwei Jahre."],
    ["日本的首都是哪里?", "city", "东京是日本的首都。"],
  ])("%s", async (question, document, quote) => {
    const { answer, citations, provider, ...rest } = await ask(call, question);
    expect(answer).toContain(quote);
    expect(citations[0]).toMatchObject({ documentId: ids[document], page: null, quote });
    expect(provider).toBe("extractive");
    expect(rest).toEqual({});
  });

  test("is answered in quotes that the cited chunks contain word for word", async () => {
    for (const question of ["holiday portal March", "employees contract probation terms", "Gewährleistung Lieferung"]) {
      const { answer, citations } = await ask(call, question);
      expect(citations.length).toBeGreaterThan(0);
      for (const { documentId, chunkId, quote } of citations) {
        const { data } = (await call("GET", `/documents/${documentId}/chunks`)).body;
        expect(data.find(({ id }: { id: string }) => id === chunkId).text).toContain(quote);
        expect(answer).toContain(quote);
      }
    }
  });

  test("without support in the documents gets a reason instead of an answer", async () => {
    const none = { answer: null, citations: [], provider: "extractive" };
    for (const question of [
      "Who won the football championship in 1966?",
      "Which employees own a submarine in Antarctica?",
    ])
      expect(await ask(call, question)).toEqual({ ...none, abstained: { reason: "not-supported" } });
    const nothing = { ...none, abstained: { reason: "nothing-found" } };
    expect(await ask(await newTenant(), "What is the notice period?")).toEqual(nothing);
    expect(await ask(call, "What is the notice period?", { filter: { team: "sales" } })).toEqual(nothing);
    expect(await ask(call, "What is the notice period?", { collectionIds: [unknownId("col")] })).toEqual(nothing);
  });

  test("is never answered from another tenant's documents", async () => {
    const { answer } = await ask(stranger, "What is the notice period for employees?");
    expect(answer).toBe(null);
    expect((await ask(stranger, "When does the canteen close?")).answer).toBe("The canteen closes at two.");
    expect((await ask(call, "When does the canteen close?")).answer).toBe(null);
  });

  test("is answered only from what the caller may see", async () => {
    const { id: collectionId } = (
      await call("POST", "/collections", { name: "board", access: { roles: ["tenant_admin"] } })
    ).body.collection;
    await add(call, { name: "board", text: "The secret merger is called Bluebird.", collectionId });
    const key = (await call("POST", "/api-keys", { name: "user" })).body.secret;
    const question = "What is the secret merger called?";
    expect((await ask(call, question)).answer).toBe("The secret merger is called Bluebird.");
    expect((await ask(system.caller(key), question)).answer).toBe(null);
  });

  test("is read as plain words: quotes and dashes in it are not search operators", async () => {
    const { answer } = await ask(call, 'What is the "notice term" -period- for employees?');
    expect(answer).toContain("three months");
  });
});

test.each([
  [{}, "/question"],
  [{ question: "" }, "/question"],
  [{ question: "?!" }, "/question"],
  [{ question: "x".repeat(1_001) }, "/question"],
  [{ question: "lens\u0000" }, "/question"],
  [{ question: "lens", limit: 21 }, "/limit"],
  [{ question: "lens", mode: "vector" }, "/mode"],
  [{ question: "lens", filter: { team: { $regex: "x" } } }, "/filter/team/$regex"],
  [{ question: "lens", collectionIds: ["col_x"] }, "/collectionIds/0"],
])("the invalid request %j is refused, and the error names the field", async (request, path) => {
  const { status, body } = await call("POST", "/answers", request);
  expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
});
