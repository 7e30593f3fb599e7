import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

type Prompt = { system: string; user: string };
type Reply = { status?: number; text?: string; end?: "whole" | "cut" | "filtered"; raw?: string };

/**
 * A language model over OpenAI's chat completions (`/v1/chat/completions`) and Amazon Bedrock's Converse
 * (`/model/{id}/converse`). The test sets its reply to a prompt; undefined means that it never responds.
 */
export async function startLanguageModel() {
  const double = {
    url: "",
    calls: [] as { path: string; headers: IncomingMessage["headers"]; body: Record<string, unknown> }[],
    reply: (_prompt: Prompt): Reply | undefined => ({ text: "" }),
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Parameters<typeof openAi.read>[0] & Converse;
    const path = decodeURIComponent(request.url!);
    double.calls.push({ path, headers: request.headers, body });
    const protocol = path === "/v1/chat/completions" ? openAi : converse;
    const reply = double.reply(protocol.read(body));
    if (!reply) return;
    const { status = 200, raw, text = "", end = "whole" } = reply;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(
      raw ?? JSON.stringify(status === 200 ? protocol.write(text, end) : { message: "as the test wants it" }),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}
export type LanguageModelDouble = Awaited<ReturnType<typeof startLanguageModel>>;

type End = NonNullable<Reply["end"]>;

const openAi = {
  read: ({ messages: [system, user] }: { messages: { content: string }[] }): Prompt => ({
    system: system!.content,
    user: user!.content,
  }),
  write: (content: string, end: End) => ({
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content },
        finish_reason: { whole: "stop", cut: "length", filtered: "content_filter" }[end],
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
  }),
};

type Converse = { system: { text: string }[]; messages: { content: { text: string }[] }[] };
const converse = {
  read: ({ system, messages }: Converse): Prompt => ({
    system: system[0]!.text,
    user: messages[0]!.content[0]!.text,
  }),
  write: (text: string, end: End) => ({
    output: { message: { role: "assistant", content: [{ text }] } },
    stopReason: { whole: "end_turn", cut: "max_tokens", filtered: "guardrail_intervened" }[end],
    usage: { inputTokens: 10, outputTokens: 10, totalTokens: 20 },
    metrics: { latencyMs: 1 },
  }),
};
