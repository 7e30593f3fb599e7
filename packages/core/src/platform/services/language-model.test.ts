import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LanguageModelDouble, startLanguageModel } from "../../testing/language-model.ts";
import { type Answerer, AnswererFailed, bedrock, openAi } from "./language-model.ts";

let double: LanguageModelDouble;
const waitMs = 1_000;

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" });
  double = await startLanguageModel();
});
beforeEach(() => {
  double.calls = [];
  double.reply = ({ system, user }) => ({ text: `${system} ${user}` });
});
afterAll(() => double.close());

const drivers: Record<string, () => Answerer> = {
  bedrock: () => bedrock({ model: "amazon.nova-lite-v1:0", region: "eu-central-1", endpoint: double.url }, waitMs),
  openai: () => openAi({ baseUrl: `${double.url}/v1`, apiKey: "sk-test", model: "small" }, waitMs),
};
const prompt = { system: "Be brief.", user: "How long?" };

describe.each(Object.entries(drivers))("%s", (_, driver) => {
  test("sends the prompt and returns the text", async () => {
    expect(await driver().complete(prompt)).toBe("Be brief. How long?");
    expect(double.calls).toHaveLength(1);
  });

  test.each<[string, LanguageModelDouble["reply"]]>([
    ["refuses for now", () => ({ status: 429 })],
    ["is broken", () => ({ status: 500 })],
    ["refuses the request", () => ({ status: 400 })],
    ["is cut off", () => ({ text: '{"answer": "Three', end: "cut" })],
    ["is filtered", () => ({ text: "", end: "filtered" })],
    ["sends an invalid response", () => ({ raw: "<html>" })],
    ["says nothing", () => undefined],
  ])("a model that %s gave no answer, and its words are not passed on", async (_, reply) => {
    double.reply = reply;
    const failure = driver().complete(prompt);
    await expect(failure).rejects.toBeInstanceOf(AnswererFailed);
    await expect(failure).rejects.not.toThrow(/sk-test|as the test wants it|How long/);
  });
});

test("Bedrock is called by Converse, signed for its region", async () => {
  await drivers["bedrock"]!().complete(prompt);
  const [{ path, headers, body }] = double.calls as [(typeof double.calls)[0]];
  expect(path).toBe("/model/amazon.nova-lite-v1:0/converse");
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, SignedHeaders=\S*host\S*, Signature=[0-9a-f]{64}$/,
  );
  expect(body).toEqual({
    system: [{ text: "Be brief." }],
    messages: [{ role: "user", content: [{ text: "How long?" }] }],
    inferenceConfig: { maxTokens: 800, temperature: 0 },
  });
});

test("other services are called by chat completions, with their key", async () => {
  await drivers["openai"]!().complete(prompt);
  const [{ headers, body }] = double.calls as [(typeof double.calls)[0]];
  expect(headers.authorization).toBe("Bearer sk-test");
  expect(body).toEqual({
    model: "small",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "How long?" },
    ],
    max_tokens: 800,
    temperature: 0,
  });
});
