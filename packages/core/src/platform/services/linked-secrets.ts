import { optionalResource, type Resource, resource } from "../resources.ts";
import { readSecret, type SecretLink } from "./secrets.ts";

/** Values that are secrets in AWS, and in the link itself in the local runtime. */

/** Of the hashes of API keys. Keys for other purposes are derived from it. */
export const pepper = async (): Promise<string> => {
  const link = resource("ApiKeyPepper");
  return "value" in link ? link.value : read(link);
};

export const cacheToken = async (link: Resource<"Cache">): Promise<string> =>
  "token" in link ? link.token : read(link);

/** The header values that CloudFront may send. */
export const acceptedOrigins = async (link: Resource<"OriginVerify">): Promise<string[]> =>
  // stacks/edge.ts writes it.
  "accepted" in link ? link.accepted : (JSON.parse(await read(link)) as string[]);

/** Every request needs them, so only the first one of a process waits; later the last value serves while it is read again. */
const read = (link: SecretLink): Promise<string> => readSecret(link, { mayBeStale: true });

/**
 * Reads the secrets of the API at once while its process starts, so that the first request does not wait for one after
 * the other. A failure is repeated by that request.
 */
export const readLinkedSecrets = async (): Promise<void> => {
  const links = (["AppDatabase", "Cache", "ApiKeyPepper", "OriginVerify"] as const).map(optionalResource);
  await Promise.allSettled(
    links.map(async (link) => {
      if (link && "secretArn" in link && link.secretArn)
        await readSecret({ secretArn: link.secretArn, endpoint: link.endpoint });
    }),
  );
};
