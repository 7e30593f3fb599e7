/// <reference path="../.sst/platform/config.d.ts" />
import { keepSecret } from "./secrets.ts";
import type { Stage } from "./stage.ts";

export type Model = ReturnType<typeof createModel>;

/** The link to the stage's model, and the permissions to call it. Undefined when the stage has none. */
export const createModel = (name: "Embedding" | "Answering", stage: Stage) => {
  const model = { Embedding: stage.embedding, Answering: stage.answering }[name];
  if (!model) return undefined;
  const linked = (more: Record<string, unknown>) => new sst.Linkable(name, { properties: { ...model, ...more } });
  if (model.provider === "openai") {
    const { properties, permissions } = keepSecret(stage, name, new sst.Secret(`${name}ApiKey`).value);
    return { link: linked(properties), permissions };
  }
  const region = aws.getRegionOutput().region;
  const arn = $interpolate`arn:aws:bedrock:${region}::foundation-model/${model.model}`;
  return { link: linked({ region }), permissions: [{ actions: ["bedrock:InvokeModel"], resources: [arn] }] };
};
