import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { LRUCache } from "lru-cache";
import { now } from "../clock.ts";
import { logger } from "../telemetry.ts";

/** Where a secret is kept; `endpoint` names another store than AWS's. */
export type SecretLink = { secretArn: string; endpoint?: string | undefined };

const ttlMs = 3_600_000;
/** A store that is down is asked again after this; what is known serves meanwhile. */
const retryMs = 30_000;

const secrets = new LRUCache<string, string, SecretLink>({
  max: 100,
  perf: { now: () => now().getTime() },
  fetchMethod: async (_arn, known, { options, context: link }) => {
    try {
      // Processes that started together do not read together.
      options.ttl = ttlMs * (0.9 + Math.random() * 0.1);
      return (await readVersion(link, { stage: "AWSCURRENT" })).value;
    } catch (error) {
      const { name } = error as Error;
      // The store's own message, and so the cause, names the secret.
      if (known === undefined) throw new Error(`A secret cannot be read (${name}).`);
      logger.warn("a secret cannot be read; its last value is used", { error: name });
      options.ttl = retryMs;
      return known;
    }
  },
});

/**
 * The current value, read once an hour (S-1). Callers that find it expired at the same time read it once. While the store does
 * not respond, the last value is used. `isRefused`: a service has refused the last value, so it is read now. `mayBeStale`: the
 * caller takes the last value while it is read again, so it waits only when there is none.
 *
 * @throws Error that names no secret, when there is no value at all.
 */
export const readSecret = (link: SecretLink, { isRefused = false, mayBeStale = false } = {}): Promise<string> =>
  secrets.forceFetch(link.secretArn, { context: link, forceRefresh: isRefused, allowStale: mayBeStale });

/** Labels of a version; the store moves AWSPREVIOUS by itself. */
export type VersionStage = "AWSCURRENT" | "AWSPENDING";

/** @throws ResourceNotFoundException when no version has this label (and this id). */
export async function readVersion(
  link: SecretLink,
  { stage, versionId }: { stage: VersionStage; versionId?: string },
): Promise<{ value: string; versionId: string }> {
  const command = new GetSecretValueCommand({ SecretId: link.secretArn, VersionStage: stage, VersionId: versionId });
  const { SecretString = "", VersionId = "" } = await client(link).send(command);
  return { value: SecretString, versionId: VersionId };
}

/** Writing the same version again is no change. */
export const writeVersion = (link: SecretLink, versionId: string, value: string, stage: VersionStage) =>
  client(link).send(
    new PutSecretValueCommand({
      SecretId: link.secretArn,
      ClientRequestToken: versionId,
      SecretString: value,
      VersionStages: [stage],
    }),
  );

/** Makes a version the current one; the one before keeps AWSPREVIOUS. */
export async function makeCurrent(link: SecretLink, versionId: string): Promise<void> {
  const { VersionIdsToStages = {} } = await client(link).send(new DescribeSecretCommand({ SecretId: link.secretArn }));
  const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes("AWSCURRENT"));
  if (current === versionId) return;
  await client(link).send(
    new UpdateSecretVersionStageCommand({
      SecretId: link.secretArn,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: versionId,
      RemoveFromVersionId: current,
    }),
  );
}

/** A request of 8 s may wait for it, so two attempts of 3 s each are the limit. */
const timeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

const clients = new Map<string | undefined, SecretsManagerClient>();
const client = ({ endpoint }: SecretLink): SecretsManagerClient => {
  const made = clients.get(endpoint) ?? new SecretsManagerClient({ ...timeouts, ...(endpoint ? { endpoint } : {}) });
  clients.set(endpoint, made);
  return made;
};
