/// <reference path="../.sst/platform/config.d.ts" />
import type { Api } from "./api.ts";
import type { Recovered } from "./parts.ts";
import { keepSecret } from "./secrets.ts";
import { edgeRegion, retentionDays, type Stage } from "./stage.ts";
import type { Storage } from "./storage.ts";
import { createFirewall, createFirewallLog, logFirewall } from "./waf.ts";

/** Policies that AWS manages, the same in every account (CloudFront Developer Guide, "Use managed cache policies"). */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const allViewerExceptHostHeader = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/**
 * The values of X-Origin-Verify that the API accepts: the newest, the one before, and those of the stage that this one
 * recovers.
 */
export const createOriginVerify = (stage: Stage, recovered?: Recovered) => {
  const { edge } = stage;
  if (!edge) return undefined;
  const { newest, sent } = edge.originVerify;
  const values = new Map(
    [newest, newest - 1].map((generation) => [
      generation,
      new random.RandomPassword(`OriginVerify${generation}`, { length: 48, special: false }).result,
    ]),
  );
  const accepted = $output([...values.values()]).apply((own) =>
    $output(recovered?.originVerify ?? []).apply((others) => [...own, ...others]),
  );
  const { properties, permissions } = keepSecret(stage, "OriginVerify", $jsonStringify(accepted));
  return {
    // `sent` is one of the two generations.
    sent: values.get(sent)!,
    accepted,
    link: new sst.Linkable("OriginVerify", { properties }),
    permissions,
  };
};
export type OriginVerify = ReturnType<typeof createOriginVerify>;

type Parts = { stage: Stage; api: Api; storage: Storage; originVerify: OriginVerify };

/** CloudFront in front of the API and the console, with the firewall (E-1…E-10). */
export const createEdge = ({ stage, api, storage, originVerify }: Parts) => {
  const { edge } = stage;
  // With a domain, a recovering stage takes over the origin's name; the CloudFront of the lost stage then calls it.
  if (!edge || !originVerify || (edge.domain && stage.recovers)) return undefined;
  const headers = createSecurityHeaders();
  const access = new aws.cloudfront.OriginAccessControl("StaticAccess", {
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
  const page = {
    targetOriginId: "static",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: cachingOptimized,
    responseHeadersPolicyId: headers.id,
  };
  const requestLog = createRequestLog(stage);
  const firewallLog = createFirewallLog(stage);
  const delivery = [allowLogDelivery([requestLog, firewallLog])];
  const firewall = createFirewall(edge);
  logFirewall(firewall, firewallLog, delivery);
  const cdn = new sst.aws.Cdn("Edge", {
    comment: `resolve ${$app.stage}`,
    ...(edge.domain ? { domain: edge.domain } : {}),
    webAclArn: firewall.arn,
    origins: [
      {
        originId: "api",
        // The API's paths already begin with /api (F-1).
        domainName: api.url.apply((url) => new URL(url).host),
        customHeaders: [{ name: "x-origin-verify", value: originVerify.sent }],
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: ["TLSv1.2"],
          // Routes with `waitSeconds` respond within 29 s.
          originReadTimeout: 30,
        },
      },
      {
        originId: "static",
        domainName: storage.staticAssets.nodes.bucket.bucketRegionalDomainName,
        originAccessControlId: access.id,
      },
    ],
    defaultRootObject: "index.html",
    defaultCacheBehavior: { ...page, viewerProtocolPolicy: "redirect-to-https" },
    orderedCacheBehaviors: [
      {
        pathPattern: "/api/*",
        targetOriginId: "api",
        // No redirect: the client would already have sent its credential unencrypted (F-3).
        viewerProtocolPolicy: "https-only",
        allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        cachedMethods: ["GET", "HEAD"],
        compress: true,
        cachePolicyId: cachingDisabled,
        originRequestPolicyId: allViewerExceptHostHeader,
        responseHeadersPolicyId: headers.id,
      },
      { ...page, pathPattern: "/static/*", viewerProtocolPolicy: "https-only" },
    ],
    transform: {
      distribution: { httpVersion: "http2and3", isIpv6Enabled: true, priceClass: "PriceClass_100" },
    },
  });
  logRequests(requestLog, cdn.nodes.distribution.arn, delivery);
  return { url: $output(cdn.domainUrl).apply((url) => url ?? cdn.url) };
};

/** Content-Security-Policy is set by each page itself, since the API reference needs more sources than the console. */
const createSecurityHeaders = () =>
  new aws.cloudfront.ResponseHeadersPolicy("SecurityHeaders", {
    securityHeadersConfig: {
      strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "same-origin", override: true },
    },
    customHeadersConfig: {
      items: [{ header: "permissions-policy", value: "camera=(), geolocation=(), microphone=()", override: true }],
    },
  });

/**
 * Lets CloudFront and the firewall write their logs. Without it, AWS would write such a policy itself, if the deployer may
 * do so. A region has at most ten such policies, so only stages with an edge have one (CloudWatch Logs quotas).
 */
const allowLogDelivery = (groups: aws.cloudwatch.LogGroup[]) =>
  new aws.cloudwatch.LogResourcePolicy("LogDelivery", {
    region: edgeRegion,
    policyName: `resolve-${$app.stage}`,
    policyDocument: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: groups.map(({ arn }) => $interpolate`${arn}:*`),
          principals: [{ type: "Service", identifiers: ["delivery.logs.amazonaws.com"] }],
          conditions: [
            { test: "StringEquals", variable: "aws:SourceAccount", values: [aws.getCallerIdentityOutput().accountId] },
          ],
        },
      ],
    }).json,
  });

const createRequestLog = (stage: Stage) =>
  new aws.cloudwatch.LogGroup("EdgeLogs", {
    region: edgeRegion,
    name: `/aws/vendedlogs/cloudfront/resolve-${$app.stage}`,
    retentionInDays: retentionDays[stage.logRetention],
  });

const logRequests = (
  group: aws.cloudwatch.LogGroup,
  distributionArn: $util.Input<string>,
  dependsOn: $util.Resource[],
): void => {
  const source = new aws.cloudwatch.LogDeliverySource("EdgeLogSource", {
    region: edgeRegion,
    name: `resolve-${$app.stage}-edge`,
    logType: "ACCESS_LOGS",
    resourceArn: distributionArn,
  });
  const destination = new aws.cloudwatch.LogDeliveryDestination("EdgeLogDestination", {
    region: edgeRegion,
    name: `resolve-${$app.stage}-edge`,
    outputFormat: "json",
    deliveryDestinationConfiguration: { destinationResourceArn: group.arn },
  });
  new aws.cloudwatch.LogDelivery(
    "EdgeLogDelivery",
    { region: edgeRegion, deliverySourceName: source.name, deliveryDestinationArn: destination.arn },
    { dependsOn },
  );
};
