import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { dimensions, type Embedder } from "./embedder.ts";
import { type OnUsage, refusal, remoteEmbedder } from "./remote.ts";

export type BedrockOptions = {
  /** Of Bedrock, e.g. `amazon.titan-embed-text-v2:0`. */
  model: string;
  region: string;
  endpoint?: string | undefined;
};

type Reply = { embedding: number[]; inputTextTokenCount: number };

/** Amazon Titan Text Embeddings V2 by InvokeModel, which takes one text a call (Bedrock user guide). */
export const bedrockEmbedder = ({ model, region, endpoint }: BedrockOptions, onUsage?: OnUsage): Embedder => {
  const client = new BedrockRuntimeClient({
    region,
    // Retries are the queue's, so that each is counted against the limits.
    maxAttempts: 1,
    // Its default is an HTTP/2 session, which does not survive a frozen Lambda.
    requestHandler: new NodeHttpHandler(),
    ...(endpoint ? { endpoint } : {}),
  });
  return remoteEmbedder(
    {
      model,
      textsPerCall: 1,
      callsAtOnce: 16,
      callsPerSecond: 100,
      async call([inputText], signal) {
        const body = JSON.stringify({ inputText, dimensions, normalize: true });
        const command = new InvokeModelCommand({ modelId: model, contentType: "application/json", body });
        const answer = await client.send(command, { abortSignal: signal }).catch((error) => {
          const status = error instanceof BedrockRuntimeServiceException && error.$metadata.httpStatusCode;
          throw status ? refusal(status) : error;
        });
        const { embedding, inputTextTokenCount }: Reply = JSON.parse(answer.body.transformToString());
        return { vectors: [embedding], tokens: inputTextTokenCount };
      },
    },
    onUsage,
  );
};
