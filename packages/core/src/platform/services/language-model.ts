import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { z } from "zod";
import { optionalResource, type Resource } from "../resources.ts";
import { postTo } from "./service.ts";

/** What a language model is told: how it works, and what it works on. */
export type Prompt = { system: string; user: string };

/** A language model. */
export type Answerer = {
  /** As answers name it, e.g. `bedrock/amazon.nova-lite-v1:0`. */
  provider: string;
  /** @throws AnswererFailed */
  complete(prompt: Prompt): Promise<string>;
};

/** No whole answer came: the service is away, refuses, or was cut off. */
export class AnswererFailed extends Error {
  override readonly name = "AnswererFailed";
}

/** Undefined where no model is configured (stacks/stage.ts). */
export const answerer = (): Answerer | undefined => {
  const link = optionalResource("Answering");
  if (!link) return undefined;
  known ??= link.provider === "bedrock" ? bedrock(link) : openAi(link);
  return known;
};

let known: Answerer | undefined;

const tokensMax = 800;
/** Within the 29 s of the function that waits, with room for the search before and the checks behind. */
const patienceMs = 18_000;

type Link<P> = Omit<Extract<Resource<"Answering">, { provider: P }>, "provider">;

/** Amazon Bedrock's Converse, which is the same for every model. */
export const bedrock = ({ model, region, endpoint }: Link<"bedrock">, waitMs = patienceMs): Answerer => {
  // Its default is an HTTP/2 session, which does not survive a frozen Lambda.
  const requestHandler = new NodeHttpHandler();
  const client = new BedrockRuntimeClient({
    region,
    maxAttempts: 2,
    requestHandler,
    ...(endpoint ? { endpoint } : {}),
  });
  return {
    provider: `bedrock/${model}`,
    async complete({ system, user }) {
      const command = new ConverseCommand({
        modelId: model,
        system: [{ text: system }],
        messages: [{ role: "user", content: [{ text: user }] }],
        inferenceConfig: { maxTokens: tokensMax, temperature: 0 },
      });
      const { output, stopReason } = await client
        .send(command, { abortSignal: AbortSignal.timeout(waitMs) })
        .catch((error) => {
          throw new AnswererFailed(`Bedrock: ${error instanceof Error ? error.name : "unknown"}`, { cause: error });
        });
      if (stopReason !== "end_turn") throw new AnswererFailed(`Bedrock ended with ${stopReason}`);
      return (output?.message?.content ?? []).map(({ text = "" }) => text).join("");
    },
  };
};

const Completion = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })]),
});

/** Any service that speaks OpenAI's chat completions. */
export const openAi = (link: Link<"openai">, waitMs = patienceMs): Answerer => ({
  provider: `openai/${link.model}`,
  async complete({ system, user }) {
    const messages = [
      { role: "system", content: system },
      { role: "user", content: user },
    ];
    const body = { model: link.model, messages, max_tokens: tokensMax, temperature: 0 };
    const asked = postTo(link)("/chat/completions", body, AbortSignal.timeout(waitMs));
    const response = await asked.catch((error) => {
      throw new AnswererFailed("the answering service cannot be reached", { cause: error });
    });
    // Its message may quote the key or the texts, so only the status is told.
    if (!response.ok) throw new AnswererFailed(`the answering service answered ${response.status}`);
    const completion = Completion.safeParse(await response.json().catch(() => undefined));
    if (!completion.success) throw new AnswererFailed("the answering service answered something else");
    const [{ message, finish_reason }] = completion.data.choices;
    if (finish_reason !== "stop") throw new AnswererFailed(`the answering service ended with ${finish_reason}`);
    return message.content;
  },
});
