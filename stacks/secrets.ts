/// <reference path="../.sst/platform/config.d.ts" />
import type { Recovered } from "./parts.ts";

export type Secrets = ReturnType<typeof createSecrets>;

/**
 * Links to the pepper of the API key hashes, which is generated and which nobody needs to see, and to the tenant master
 * key.
 */
export const createSecrets = (recovered?: Recovered) => {
  const pepper =
    recovered?.pepper ?? new random.RandomPassword("ApiKeyPepperValue", { length: 48, special: false }).result;
  const keyArn = recovered?.tenantKeyArn ?? createTenantKey().arn;
  const links = {
    Kms: link("Kms", { keyArn }),
    ApiKeyPepper: link("ApiKeyPepper", { value: pepper }),
  };
  return { keyArn, pepper, links };
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
