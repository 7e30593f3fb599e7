/// <reference path="../.sst/platform/config.d.ts" />
import type { Recovered } from "./recovery.ts";
import type { Stage } from "./stage.ts";

export type Secrets = ReturnType<typeof createSecrets>;

/** What an operator sets before the first deployment: `sst secret set <name> <value>`. */
export const secretNames = [
  // One login of the database for each role it acts in (migration 0001); a function sees only the one it needs.
  "AppDatabaseUrl",
  "WorkerDatabaseUrl",
  "SystemDatabaseUrl",
  "BuilderDatabaseUrl",
] as const;

/** Links to the operator's secrets, to the pepper of API key hashes, which nobody needs to know, and to the master key. */
export const createSecrets = ({ embedding }: Stage, recovered?: Recovered) => {
  const secrets = Object.fromEntries(secretNames.map((name) => [name, new sst.Secret(name).value])) as Record<
    (typeof secretNames)[number],
    $util.Output<string>
  >;
  const pepper =
    recovered?.pepper ?? new random.RandomPassword("ApiKeyPepperValue", { length: 48, special: false }).result;
  const keyArn = recovered?.tenantKeyArn ?? createTenantKey().arn;
  const links = {
    AppDatabase: link("AppDatabase", { url: secrets.AppDatabaseUrl }),
    WorkerDatabase: link("WorkerDatabase", { url: secrets.WorkerDatabaseUrl }),
    SystemDatabase: link("SystemDatabase", { url: secrets.SystemDatabaseUrl }),
    BuilderDatabase: link("BuilderDatabase", { url: secrets.BuilderDatabaseUrl }),
    Kms: link("Kms", { keyArn }),
    ApiKeyPepper: link("ApiKeyPepper", { value: pepper }),
    Embedding: embedding && link("Embedding", { ...embedding, apiKey: new sst.Secret("EmbeddingApiKey").value }),
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
