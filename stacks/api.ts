/// <reference path="../.sst/platform/config.d.ts" />
import { routes } from "../packages/functions/src/topology.ts";
import { originName } from "./names.ts";
import type { Aliases } from "./parts.ts";
import type { Stage } from "./stage.ts";

export type Api = ReturnType<typeof createApi>;

const texts = ["requestTime", "requestId", "httpMethod", "path", "routeKey", "identity.sourceIp", "identity.userAgent"];
/**
 * API Gateway writes `-` when a request reached no integration, so these fields are quoted; otherwise the line is not
 * JSON.
 */
const nullable = ["integrationLatency"];
const numbers = ["status", "responseLatency"];

/**
 * One JSON line per request. Numbers are not quoted, because metric filters need numbers; SST's default format quotes
 * all.
 */
const accessLog = `{${[
  ...[...texts, ...nullable].map((name) => `"${name.split(".").pop()}":"$context.${name}"`),
  ...numbers.map((name) => `"${name}":$context.${name}`),
].join(",")}}`;

export const createApi = ({ stage, aliases }: { stage: Stage; aliases: Aliases }) => {
  const { requestsPerSecond, burst } = stage.throttle;
  const domain = stage.edge?.domain;
  const api = new sst.aws.ApiGatewayV2("HttpApi", {
    // Any origin may call the API: the caller adds a bearer token itself, and there are no cookies.
    cors: {
      allowOrigins: ["*"],
      allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      allowHeaders: [
        "authorization",
        "content-type",
        "idempotency-key",
        "if-match",
        "traceparent",
        "x-resolve-tenant",
        "x-resolve-reason",
      ],
      exposeHeaders: ["etag", "location", "retry-after", "x-request-id"],
      maxAge: "1 day",
    },
    accessLog: { retention: stage.logRetention },
    ...(domain
      ? { domain: { name: originName(domain), dns: sst.aws.dns({ override: Boolean(stage.recovers) }) } }
      : {}),
    transform: {
      // With a domain, requests must not bypass CloudFront (F-4).
      api: { disableExecuteApiEndpoint: domain !== undefined },
      stage: (args) => {
        // SST sets the access log settings.
        args.accessLogSettings = $output(args.accessLogSettings!).apply((settings) => ({
          ...settings,
          format: accessLog,
        }));
        args.defaultRouteSettings = {
          throttlingRateLimit: requestsPerSecond,
          throttlingBurstLimit: burst,
          detailedMetricsEnabled: true,
        };
      },
    },
  });
  // Every target of a route has an alias.
  for (const [route, target] of Object.entries(routes)) api.route(route, aliases[target]!);
  return api;
};
