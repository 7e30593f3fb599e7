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
  `"stage":"${$app.stage}"`,
  ...[...texts, ...nullable].map((name) => `"${name.split(".").pop()}":"$context.${name}"`),
  ...numbers.map((name) => `"${name}":$context.${name}`),
].join(",")}}`;

/**
 * A recovering stage has its certificate in advance and takes the name over when it is no standby. The certificate needs no
 * DNS change, because ACM asks for the same record in each region, and the lost stage has created it (ACM guide, "DNS
 * validation").
 */
const domainOf = ({ recovers, standby }: Stage, name: string) => {
  if (!recovers) return { name, dns: sst.aws.dns() };
  const certificate = new aws.acm.Certificate("OriginCertificate", { domainName: name, validationMethod: "DNS" });
  const { certificateArn } = new aws.acm.CertificateValidation("OriginCertificateValid", {
    certificateArn: certificate.arn,
  });
  return { name, cert: certificateArn, dns: standby ? (false as const) : sst.aws.dns({ override: true }) };
};

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
        "tracestate",
        "x-resolve-tenant",
        "x-resolve-reason",
      ],
      exposeHeaders: ["etag", "location", "retry-after", "x-request-id"],
      maxAge: "1 day",
    },
    accessLog: { retention: stage.logRetention },
    ...(domain ? { domain: domainOf(stage, originName(domain)) } : {}),
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
