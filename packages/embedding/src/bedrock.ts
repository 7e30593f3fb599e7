import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { dimensions, type Embedder, type OnUsage } from "./embedder.ts";
import { errorOf, remoteEmbedder } from "./remote.ts";

export type BedrockOptions = {
  /** Bedrock's model id, e.g. `amazon.titan-embed-text-v2:0`. */
  model: string;
  region: string;
  endpoint?: string | undefined;
};

type Reply = { embedding: number[]; inputTextTokenCount: number };

/** Amazon Titan Text Embeddings V2 through InvokeModel, one text per call (Bedrock user guide). */
export const bedrockEmbedder = ({ model, region, endpoint }: BedrockOptions, onUsage?: OnUsage): Embedder => {
  const client = new BedrockRuntimeClient({
    region,
    // p-retry retries, so that every attempt counts against the limits.
    maxAttempts: 1,
    // The client's default is an HTTP/2 session, which does not survive a frozen Lambda.
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
        const response = await client.send(command, { abortSignal: signal }).catch((error) => {
          const status = error instanceof BedrockRuntimeServiceException && error.$metadata.httpStatusCode;
          throw status ? errorOf(status) : error;
        });
        const { embedding, inputTextTokenCount }: Reply = JSON.parse(response.body.transformToString());
        return { vectors: [embedding], tokens: inputTextTokenCount };
      },
    },
    onUsage,
  );
};
