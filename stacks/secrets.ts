/// <reference path="../.sst/platform/config.d.ts" />
import type { Recovered } from "./parts.ts";

export type Secrets = ReturnType<typeof createSecrets>;

/** Links to the pepper of API key hashes, which nobody needs to know, and to the master key. */
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
    // A key of one region could never open the data of a restored database in another.
    multiRegion: true,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });

const link = (name: string, properties: Record<string, unknown>) => new sst.Linkable(name, { properties });
