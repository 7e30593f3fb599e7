/// <reference path="../.sst/platform/config.d.ts" />
import type { Network } from "./network.ts";
import { keepSecret } from "./secrets.ts";
import type { Stage } from "./stage.ts";

export type Cache = ReturnType<typeof createCache>;
export type SearchResults = ReturnType<typeof createSearchResults>;

/** Secrets that the operator sets for a stage that uses Upstash. */
export const cacheSecretNames = ["UpstashRedisRestUrl", "UpstashRedisRestToken"] as const;

/** The link to the cache. The URL's scheme selects the client (`openStore`). */
export const createCache = (stage: Stage, network: Network) => {
  const { url, token } =
    stage.cache === "upstash" ? upstash() : createRedis(stage.cache.slice("cache.".length), network);
  const { properties, permissions } = keepSecret(stage, "Cache", token);
  return { link: new sst.Linkable("Cache", { properties: { url, ...properties } }), permissions };
};

/** The link by which the API keeps results of searches, when the stage keeps them. */
export const createSearchResults = ({ searchResultsSeconds: keptSeconds }: Stage) =>
  keptSeconds ? new sst.Linkable("SearchResults", { properties: { keptSeconds } }) : undefined;

const upstash = () => {
  const [url, token] = cacheSecretNames;
  return { url: new sst.Secret(url).value, token: new sst.Secret(token).value };
};

/** C-1…C-4: a primary and a replica in two zones. */
const createRedis = (instance: string, { vpc, dataSubnetIds, appSecurityGroup }: Network) => {
  const securityGroup = new aws.ec2.SecurityGroup("CacheSecurityGroup", {
    vpcId: vpc.id,
    description: "Redis from functions and tasks.",
    ingress: [{ protocol: "tcp", fromPort: 6379, toPort: 6379, securityGroups: [appSecurityGroup.id] }],
    egress: [],
  });
  const redis = new sst.aws.Redis("Redis", {
    engine: "redis",
    version: "7.1",
    instance,
    cluster: false,
    // The blueprint's maxclients cannot be set: ElastiCache fixes it at 65,000 (F-20).
    parameters: { "maxmemory-policy": "allkeys-lru", timeout: "300", "tcp-keepalive": "60" },
    vpc: { subnets: dataSubnetIds, securityGroups: [securityGroup.id] },
    transform: {
      cluster: { numCacheClusters: 2, automaticFailoverEnabled: true, multiAzEnabled: true },
    },
  });
  // SST gives each cluster that it creates a password.
  return { url: $interpolate`rediss://${redis.host}:${redis.port}`, token: redis.password! };
};
