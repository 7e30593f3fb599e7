/// <reference path="../.sst/platform/config.d.ts" />
import { routes } from "../packages/functions/src/topology.ts";
import { originName } from "./edge.ts";
import type { Functions } from "./functions.ts";
import type { Stage } from "./stage.ts";

export type Api = ReturnType<typeof createApi>;

export const createApi = ({ stage, functions }: { stage: Stage; functions: Functions }) => {
  const { requestsPerSecond, burst } = stage.throttle;
  const domain = stage.edge?.domain;
  const api = new sst.aws.ApiGatewayV2("HttpApi", {
    // The credential is a bearer token that the caller adds itself: any origin may use its own.
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
    ...(domain ? { domain: { name: originName(domain) } } : {}),
    transform: {
      // Nobody walks around CloudFront (F-4).
      api: { disableExecuteApiEndpoint: domain !== undefined },
      stage: (args) => {
        args.defaultRouteSettings = {
          throttlingRateLimit: requestsPerSecond,
          throttlingBurstLimit: burst,
          detailedMetricsEnabled: true,
        };
      },
    },
  });
  for (const [route, target] of Object.entries(routes)) api.route(route, functions[target].arn);
  return api;
};
