/// <reference path="../.sst/platform/config.d.ts" />
import type { Recovered } from "./recovery.ts";
import type { Embedding, Stage } from "./stage.ts";

export type Secrets = ReturnType<typeof createSecrets>;

/** Links to the pepper of API key hashes, which nobody needs to know, to the master key, and to a service that embeds. */
export const createSecrets = ({ embedding }: Stage, recovered?: Recovered) => {
  const pepper =
    recovered?.pepper ?? new random.RandomPassword("ApiKeyPepperValue", { length: 48, special: false }).result;
  const keyArn = recovered?.tenantKeyArn ?? createTenantKey().arn;
  const links = {
    Kms: link("Kms", { keyArn }),
    ApiKeyPepper: link("ApiKeyPepper", { value: pepper }),
    Embedding: embedding && link("Embedding", { ...embedding, ...embeddingKey(embedding) }),
  };
  return { keyArn, pepper, links };
};

/** Bedrock asks for the caller's role instead. */
const embeddingKey = ({ provider }: Embedding) =>
  provider === "openai" ? { apiKey: new sst.Secret("EmbeddingApiKey").value } : {};

const createTenantKey = () =>
  new aws.kms.Key("TenantKeys", {
    description: "Wraps the data key of every tenant.",
    // A key of one region could never open the data of a restored database in another.
    multiRegion: true,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });

const link = (name: string, properties: Record<string, unknown>) => new sst.Linkable(name, { properties });
