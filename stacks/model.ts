/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Model = ReturnType<typeof createModel>;

/** The link to a model, where the stage has one, and what asking it takes. */
export const createModel = (name: "Embedding" | "Answering", model: Stage["embedding"]) => {
  if (!model) return undefined;
  const linked = (more: Record<string, unknown>) => new sst.Linkable(name, { properties: { ...model, ...more } });
  if (model.provider === "openai")
    return { link: linked({ apiKey: new sst.Secret(`${name}ApiKey`).value }), permissions: [] };
  const region = aws.getRegionOutput().region;
  const arn = $interpolate`arn:aws:bedrock:${region}::foundation-model/${model.model}`;
  return { link: linked({ region }), permissions: [{ actions: ["bedrock:InvokeModel"], resources: [arn] }] };
};
