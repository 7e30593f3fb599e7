/// <reference path="../.sst/platform/config.d.ts" />
import type { Recovered } from "./parts.ts";
import type { Stage } from "./stage.ts";

export type Secrets = ReturnType<typeof createSecrets>;

/**
 * Links to the pepper of the API key hashes, which is generated and which nobody needs to see, and to the tenant master
 * key.
 */
export const createSecrets = (stage: Stage, recovered?: Recovered) => {
  const pepper =
    recovered?.pepper ?? new random.RandomPassword("ApiKeyPepperValue", { length: 48, special: false }).result;
  const keyArn = recovered?.tenantKeyArn ?? createTenantKey().arn;
  const kept = keepSecret(stage, "ApiKeyPepper", pepper);
  const links = {
    Kms: link("Kms", { keyArn }),
    ApiKeyPepper: link("ApiKeyPepper", kept.properties),
  };
  return { keyArn, pepper, links, permissions: kept.permissions };
};

/**
 * A secret whose value each deployment sets, the properties of a link to it, and the permission to read it. A link is in the
 * code of functions and in the environment of containers, so the value is not a part of it.
 */
export const keepSecret = ({ permanent }: Stage, name: string, value: $util.Input<string>) => {
  const secret = new aws.secretsmanager.Secret(`${name}Secret`, {
    name: `resolve/${$app.stage}/${name}`,
    recoveryWindowInDays: permanent ? 30 : 0,
  });
  const { versionId } = new aws.secretsmanager.SecretVersion(`${name}SecretValue`, {
    secretId: secret.id,
    secretString: value,
  });
  return {
    // Nobody reads the version: it changes with the value, so that the deployment replaces processes with the old one.
    properties: { secretArn: secret.arn, secretVersion: versionId },
    permissions: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret.arn] }],
  };
};

const createTenantKey = () =>
  new aws.kms.Key("TenantKeys", {
    description: "Wraps the data key of every tenant.",
    // Multi-region, because a database that is restored in another region needs the key to decrypt its data.
    multiRegion: true,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });

const link = (name: string, properties: Record<string, unknown>) => new sst.Linkable(name, { properties });
