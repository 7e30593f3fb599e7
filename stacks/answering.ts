/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Answering = ReturnType<typeof createAnswering>;

/** The language model that writes answers, where the stage has one, and what asking it takes. */
export const createAnswering = ({ answering }: Stage) => {
  if (!answering) return undefined;
  const linked = (more: Record<string, unknown>) =>
    new sst.Linkable("Answering", { properties: { ...answering, ...more } });
  if (answering.provider === "openai")
    return { link: linked({ apiKey: new sst.Secret("AnsweringApiKey").value }), permissions: [] };
  const region = aws.getRegionOutput().region;
  const model = $interpolate`arn:aws:bedrock:${region}::foundation-model/${answering.model}`;
  return { link: linked({ region }), permissions: [{ actions: ["bedrock:InvokeModel"], resources: [model] }] };
};
