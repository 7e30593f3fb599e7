import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { z } from "zod";
import { optionalResource, type Resource } from "../resources.ts";
import { wideEvent } from "../wide-event.ts";
import { postTo } from "./service.ts";

/** A prompt: the instructions, and the question with its sources. */
export type Prompt = { system: string; user: string };

/** A language model that writes answers. */
export type Answerer = {
  /** The `provider` of its answers, e.g. `bedrock/amazon.nova-lite-v1:0`. */
  provider: string;
  /** @throws AnswererFailed */
  complete(prompt: Prompt): Promise<string>;
};

/** The service is not available, refused the request, or its reply is incomplete. */
export class AnswererFailed extends Error {
  override readonly name = "AnswererFailed";
}

/** Undefined when the stage has no language model (stacks/stage.ts). */
export const answerer = (): Answerer | undefined => {
  const link = optionalResource("Answering");
  if (!link) return undefined;
  cached ??= link.provider === "bedrock" ? bedrock(link) : openAi(link);
  return cached;
};

let cached: Answerer | undefined;

const tokensMax = 800;
/** The function has 29 s; the rest is for the search before and the checks after the call. */
const defaultTimeoutMs = 18_000;

/** Counts for the request under way. */
const countCall = (): void => {
  const event = wideEvent();
  if (event) event.modelCalls += 1;
};
const countTokens = (tokens = 0): void => {
  const event = wideEvent();
  if (event) event.answerTokens += tokens;
};

type Link<P> = Omit<Extract<Resource<"Answering">, { provider: P }>, "provider">;

/** Amazon Bedrock's Converse API, which is the same for all models. */
export const bedrock = ({ model, region, endpoint }: Link<"bedrock">, timeoutMs = defaultTimeoutMs): Answerer => {
  // The client's default is an HTTP/2 session, which breaks when a Lambda function is frozen.
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
      countCall();
      const { output, stopReason, usage } = await client
        .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
        .catch((error) => {
          throw new AnswererFailed(`Bedrock: ${error instanceof Error ? error.name : "unknown"}`, { cause: error });
        });
      countTokens(usage?.totalTokens);
      if (stopReason !== "end_turn") throw new AnswererFailed(`Bedrock's reply ended with ${stopReason}`);
      return (output?.message?.content ?? []).map(({ text = "" }) => text).join("");
    },
  };
};

const Completion = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })]),
  usage: z.object({ total_tokens: z.number() }).optional(),
});

/** Any service with OpenAI's chat completions API. */
export const openAi = (link: Link<"openai">, timeoutMs = defaultTimeoutMs): Answerer => ({
  provider: `openai/${link.model}`,
  async complete({ system, user }) {
    const messages = [
      { role: "system", content: system },
      { role: "user", content: user },
    ];
    const body = { model: link.model, messages, max_tokens: tokensMax, temperature: 0 };
    countCall();
    const request = postTo(link)("/chat/completions", body, AbortSignal.timeout(timeoutMs));
    const response = await request.catch((error) => {
      throw new AnswererFailed("the language model's service cannot be reached", { cause: error });
    });
    // Its body may contain the key or the texts, so the error contains the status only.
    if (!response.ok) throw new AnswererFailed(`the language model's service responded with status ${response.status}`);
    const completion = Completion.safeParse(await response.json().catch(() => undefined));
    if (!completion.success) throw new AnswererFailed("the language model's service sent an invalid response");
    countTokens(completion.data.usage?.total_tokens);
    const [{ message, finish_reason }] = completion.data.choices;
    if (finish_reason !== "stop") throw new AnswererFailed(`the language model's reply ended with ${finish_reason}`);
    return message.content;
  },
});
