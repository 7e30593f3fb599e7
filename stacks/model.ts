/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Model = ReturnType<typeof createModel>;

/** The link to the stage's model, and the permissions to call it. Undefined when the stage has none. */
export const createModel = (name: "Embedding" | "Answering", { embedding, answering, permanent }: Stage) => {
  const model = { Embedding: embedding, Answering: answering }[name];
  if (!model) return undefined;
  const linked = (more: Record<string, unknown>) => new sst.Linkable(name, { properties: { ...model, ...more } });
  if (model.provider === "openai") {
    // A link is in the container's environment, so the key is not part of the link.
    const secret = new aws.secretsmanager.Secret(`${name}Key`, {
      name: `resolve/${$app.stage}/${name}`,
      recoveryWindowInDays: permanent ? 30 : 0,
    });
    new aws.secretsmanager.SecretVersion(`${name}KeyValue`, {
      secretId: secret.id,
      secretString: new sst.Secret(`${name}ApiKey`).value,
    });
    return {
      link: linked({ secretArn: secret.arn }),
      permissions: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret.arn] }],
    };
  }
  const region = aws.getRegionOutput().region;
  const arn = $interpolate`arn:aws:bedrock:${region}::foundation-model/${model.model}`;
  return { link: linked({ region }), permissions: [{ actions: ["bedrock:InvokeModel"], resources: [arn] }] };
};
