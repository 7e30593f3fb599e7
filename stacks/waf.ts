/// <reference path="../.sst/platform/config.d.ts" />
import { textPaths } from "../packages/functions/src/topology.ts";
import { type Alarms, createTopic, minutes } from "./alarms.ts";
import { type Edge, edgeRegion, retentionDays, type Stage } from "./stage.ts";

/** The European Union's members by ISO 3166-1 (F-6). Norway, Iceland, Liechtenstein and Switzerland are not in the blueprint's list. */
// biome-ignore format: one line a letter range reads as a list.
const europeanUnion = [
  "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
  "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];
const countries = ["US", "CA", "GB", ...europeanUnion];

/** Requests of one IP address without a credential in five minutes (E-7). */
const anonymousRequestsMax = 2_000;
/**
 * The limit for every IP address: an office with 100 active people sends 3,000 in five minutes, so ten times that is an
 * attack, with or without a credential.
 */
const requestsMax = 20_000;

type Statement = aws.types.input.wafv2.WebAclRuleStatement;

const not = (statement: Statement): Statement => ({ notStatement: { statements: [statement] } });
const and = (...statements: Statement[]): Statement => ({ andStatement: { statements } });
const or = (...statements: Statement[]): Statement => ({ orStatement: { statements } });

const hasCredential: Statement = {
  sizeConstraintStatement: {
    comparisonOperator: "GT",
    size: 0,
    fieldToMatch: { singleHeader: { name: "authorization" } },
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
};

const carriesText: Statement = {
  regexMatchStatement: {
    regexString: `^(${textPaths.join("|")})(/|$)`,
    fieldToMatch: { uriPath: {} },
    // Normalised as the API reads the path, so that /api/v1/documents/../webhooks does not match.
    textTransformations: [
      { priority: 0, type: "URL_DECODE" },
      { priority: 1, type: "NORMALIZE_PATH" },
    ],
  },
};

const injects = (fieldToMatch: aws.types.input.wafv2.WebAclRuleStatementSqliMatchStatementFieldToMatch): Statement => ({
  sqliMatchStatement: {
    sensitivityLevel: "HIGH",
    fieldToMatch,
    textTransformations: [
      { priority: 0, type: "URL_DECODE" },
      { priority: 1, type: "HTML_ENTITY_DECODE" },
    ],
  },
});

const rateOf = (limit: number, scopeDownStatement?: Statement): Statement => ({
  rateBasedStatement: {
    limit,
    evaluationWindowSec: 300,
    aggregateKeyType: "IP",
    ...(scopeDownStatement ? { scopeDownStatement } : {}),
  },
});

/**
 * Rules of AWS's core set that only count. A script in a body gets a label here; the rule "xss" refuses labelled
 * requests outside the text routes. Addresses in bodies (webhooks, documents to fetch) are checked when they are
 * called, sizes when bodies are read, and API clients need no user agent.
 */
const countingRules = [
  "CrossSiteScripting_BODY",
  "GenericLFI_BODY",
  "GenericRFI_BODY",
  "EC2MetaDataSSRF_BODY",
  "SizeRestrictions_BODY",
  "NoUserAgent_HEADER",
];
const scriptInBody: Statement = {
  labelMatchStatement: { scope: "LABEL", key: "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body" },
};

/** The web ACL's name in its metrics. Stages of one account need different ones, since CloudWatch adds equal names up. */
const firewallMetric = () => `firewall-${$app.stage}`;

/**
 * The web ACL of CloudFront, because an HTTP API supports none (F-5). Requests are allowed by default, since an ALLOW
 * rule would end the evaluation (F-7).
 */
export const createFirewall = (edge: Edge) => {
  const rules = [
    rule("rate-anonymous", edge.waf.rate, rateOf(anonymousRequestsMax, not(hasCredential))),
    rule("rate", edge.waf.rate, rateOf(requestsMax)),
    rule("geo", edge.waf.geo, not({ geoMatchStatement: { countryCodes: countries } })),
    rule(
      "sqli",
      edge.waf.sqli,
      or(
        injects({ queryString: {} }),
        injects({ uriPath: {} }),
        and(injects({ body: { oversizeHandling: "CONTINUE" } }), not(carriesText)),
      ),
    ),
    {
      ...named("core-set"),
      overrideAction: edge.waf.xss === "block" ? { none: {} } : { count: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name: "AWSManagedRulesCommonRuleSet",
          ruleActionOverrides: countingRules.map((name) => ({ name, actionToUse: { count: {} } })),
        },
      },
    },
    rule("xss", edge.waf.xss, and(scriptInBody, not(carriesText))),
  ];
  return new aws.wafv2.WebAcl("Firewall", {
    region: edgeRegion,
    scope: "CLOUDFRONT",
    defaultAction: { allow: {} },
    rules: rules.map((one, priority) => ({ ...one, priority })),
    visibilityConfig: visible(firewallMetric()),
  });
};

export const createFirewallLog = (stage: Stage) =>
  new aws.cloudwatch.LogGroup("FirewallLogs", {
    region: edgeRegion,
    // WAF requires this prefix.
    name: `aws-waf-logs-resolve-${$app.stage}`,
    retentionInDays: retentionDays[stage.logRetention],
  });

export const logFirewall = (
  acl: aws.wafv2.WebAcl,
  group: aws.cloudwatch.LogGroup,
  dependsOn: $util.Resource[],
): void => {
  new aws.wafv2.WebAclLoggingConfiguration(
    "FirewallLogging",
    {
      region: edgeRegion,
      resourceArn: acl.arn,
      logDestinationConfigs: [group.arn],
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
      // Allowed requests are in the access logs.
      loggingFilter: {
        defaultBehavior: "DROP",
        filters: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
          },
        ],
      },
    },
    { dependsOn },
  );
};

/** The metrics of CloudFront's firewall are in us-east-1, and an alarm notifies a topic of its own region. */
export const watchFirewall = (alarms: Alarms, { region }: Stage): void => {
  const topic = region === edgeRegion ? alarms.topic : createTopic("EdgeAlarms", edgeRegion);
  alarms.alarm("BlockedRequests", {
    region: edgeRegion,
    summary: "The firewall blocked at least 1,000 requests in five minutes (S-6).",
    runbook: "blocked-requests",
    namespace: "AWS/WAFV2",
    metricName: "BlockedRequests",
    // Those of CloudFront have no dimension Region (WAF guide, "AWS WAF metrics and dimensions").
    dimensions: { WebACL: firewallMetric(), Rule: "ALL" },
    statistic: "Sum",
    period: minutes(5),
    threshold: 1_000,
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  });
};

const rule = (name: string, mode: "block" | "count", statement: Statement) => ({
  ...named(name),
  action: mode === "block" ? { block: {} } : { count: {} },
  statement,
});

const named = (name: string) => ({ name, visibilityConfig: visible(name) });

const visible = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
});
