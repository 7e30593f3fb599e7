import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { textPaths } from "../packages/functions/src/topology.ts";
import { type Evaluation, evaluated, type Inputs, root } from "./testing/evaluation.ts";
import { recoveryNote } from "./testing/mocks.mjs";

const production = evaluated("production");
const withDomain = evaluated("production-domain");
const distribution = production.one("cloudfront/distribution:Distribution", "EdgeDistribution");
const origin = (id: string) => distribution["origins"].find((one: Inputs) => one["originId"] === id);
const behaviour = (pattern: string) =>
  distribution["orderedCacheBehaviors"].find((one: Inputs) => one["pathPattern"] === pattern);
/** The header values that the API accepts. */
const acceptedBy = (evaluation: Evaluation): string[] => JSON.parse(evaluation.secretOf("OriginVerify"));

describe("edge", () => {
  it("E-1 T-11 F-1 CloudFront is in front of API and static files, without an origin path", () => {
    expect(origin("api")["domainName"]).toMatch(/\.execute-api\.us-east-1\.amazonaws\.com$/);
    expect(origin("api")["originPath"]).toBeUndefined();
    const bucket = production.one("s3/bucket:Bucket", "StaticBucketBucket")["bucket"];
    expect(origin("static")["domainName"]).toBe(`${bucket}.s3.us-east-1.amazonaws.com`);
  });

  it("E-2 F-4 CloudFront sends a secret header, and the API accepts the next value before it is sent", () => {
    const header = origin("api")["customHeaders"];
    expect(header).toEqual([{ name: "x-origin-verify", value: expect.stringMatching(/^\w{48}$/) }]);
    for (const evaluation of [production, withDomain]) {
      const cdn = evaluation.one("cloudfront/distribution:Distribution", "EdgeDistribution");
      const { value } = cdn["origins"].find((one: Inputs) => one["originId"] === "api").customHeaders[0];
      const accepted = acceptedBy(evaluation);
      expect(accepted).toHaveLength(2);
      expect(accepted).toContain(value);
    }
    // The API accepts generation 2; CloudFront still sends generation 1.
    expect(acceptedBy(withDomain).indexOf(header[0].value)).toBe(1);
  });

  it("E-3 F-2 only CloudFront reads the static bucket, with signed requests", () => {
    const access = production.one("cloudfront/originAccessControl:OriginAccessControl", "StaticAccess");
    expect(access).toMatchObject({ signingBehavior: "always", signingProtocol: "sigv4" });
    expect(origin("static")["originAccessControlId"]).toContain("StaticAccess");
    const policy = JSON.parse(production.one("s3/bucketPolicy:BucketPolicy", "StaticBucketPolicy")["policy"]);
    const allowed = policy.Statement.filter((one: Inputs) => one["Effect"] === "Allow");
    for (const { Principal } of allowed) expect(Principal).toEqual({ Service: ["cloudfront.amazonaws.com"] });
  });

  it("E-4 F-3 F-37 N-5 /api/* is not cached, needs HTTPS, and does not forward the viewer's Host header", () => {
    expect(behaviour("/api/*")).toMatchObject({
      targetOriginId: "api",
      viewerProtocolPolicy: "https-only",
      cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
      originRequestPolicyId: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    });
    expect(behaviour("/api/*")["allowedMethods"]).toHaveLength(7);
    expect(origin("api")["customOriginConfig"]).toMatchObject({ originProtocolPolicy: "https-only" });
  });

  it("E-5 /static/* comes from the bucket with the CachingOptimized policy, whose default of one day is the blueprint's", () => {
    expect(behaviour("/static/*")).toMatchObject({
      targetOriginId: "static",
      viewerProtocolPolicy: "https-only",
      cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    });
    expect(distribution["defaultCacheBehavior"]).toMatchObject({ viewerProtocolPolicy: "redirect-to-https" });
    // A custom error response would also replace the API's error responses.
    expect(distribution["customErrorResponses"]).toBeUndefined();
  });

  it("E-6 PriceClass_100, HTTP/2 and 3, IPv6", () => {
    expect(distribution).toMatchObject({ priceClass: "PriceClass_100", httpVersion: "http2and3", isIpv6Enabled: true });
  });

  it("F-39 every response has security headers", () => {
    const headers = production.one("cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "SecurityHeaders");
    expect(headers["securityHeadersConfig"]).toMatchObject({
      strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000 },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY" },
    });
    for (const one of [distribution["defaultCacheBehavior"], behaviour("/api/*"), behaviour("/static/*")])
      expect(one.responseHeadersPolicyId).toContain("SecurityHeaders");
  });

  it("F-4 with a domain, API Gateway's own address is disabled, and another region can take over the origin's name", () => {
    expect(withDomain.one("apigatewayv2/api:Api", "HttpApiApi")["disableExecuteApiEndpoint"]).toBe(true);
    expect(production.one("apigatewayv2/api:Api", "HttpApiApi")["disableExecuteApiEndpoint"]).toBe(false);
    const cdn = withDomain.one("cloudfront/distribution:Distribution", "EdgeDistribution");
    expect(cdn["aliases"]).toEqual(["resolve.example"]);
    expect(cdn["viewerCertificate"]).toMatchObject({ minimumProtocolVersion: "TLSv1.2_2021" });
    expect(cdn["origins"][0].domainName).toBe("origin.resolve.example");
    const names = [...withDomain.all("route53/record:Record").values()].map((record) => record["name"]);
    expect(names).toEqual(expect.arrayContaining(["resolve.example", "origin.resolve.example"]));
  });

  it("R-10 a recovering stage accepts the values that the lost stage's CloudFront sends", () => {
    const accepted = acceptedBy(evaluated("production-west"));
    expect(accepted).toHaveLength(4);
    expect(accepted).toEqual(expect.arrayContaining(recoveryNote.originVerify));
  });

  it("a developer's stage has no CloudFront: clients call API Gateway", () => {
    const developer = evaluated("developer");
    for (const type of ["cloudfront/distribution:Distribution", "wafv2/webAcl:WebAcl"])
      expect(developer.all(type).size).toBe(0);
    expect(developer.links()).not.toContain("OriginVerify");
  });

  it("I-2 the console's page references exactly the uploaded files, which are immutable", async () => {
    const objects = [...production.all("s3/bucketObjectv2:BucketObjectv2").values()].filter((one) => one["content"]);
    const page = objects.find((one) => one["key"] === "index.html")!;
    expect(page).toMatchObject({ cacheControl: "no-cache", contentType: "text/html; charset=utf-8" });
    const named = [...page["content"].matchAll(/"\/(static\/[^"]+)"/g)].map((match) => match[1]);
    const stored = objects.filter((one) => one["key"].startsWith("static/"));
    expect(new Set(named)).toEqual(new Set(stored.map((one) => one["key"])));
    for (const one of stored) expect(one["cacheControl"]).toContain("immutable");
    const style = stored.find((one) => one["key"].endsWith(".css"))!;
    expect(style["content"]).toBe(await readFile(join(root, "packages/console/static/console.css"), "utf8"));
  });
});

describe("firewall", () => {
  const acl = production.one("wafv2/webAcl:WebAcl", "Firewall");
  const rule = (name: string, of = acl) => of["rules"].find((one: Inputs) => one["name"] === name);

  it("F-5 F-7 belongs to CloudFront, allows by default, and evaluates in order: rate, country, SQL, scripts", () => {
    expect(acl).toMatchObject({ scope: "CLOUDFRONT", region: "us-east-1", defaultAction: { allow: {} } });
    expect(distribution["webAclId"]).toContain("Firewall");
    const names = acl["rules"].map((one: Inputs) => one["name"]);
    expect(names).toEqual(["rate-anonymous", "rate", "geo", "sqli", "core-set", "xss"]);
    expect(acl["rules"].map((one: Inputs) => one["priority"])).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { action } of acl["rules"]) expect(action?.allow).toBeUndefined();
  });

  it("E-7 an IP address without a credential may send 2,000 requests in five minutes", () => {
    expect(rule("rate-anonymous")).toMatchObject({
      action: { block: {} },
      statement: { rateBasedStatement: { limit: 2_000, evaluationWindowSec: 300, aggregateKeyType: "IP" } },
    });
    const [scope] = rule("rate-anonymous").statement.rateBasedStatement.scopeDownStatement.notStatement.statements;
    expect(scope.sizeConstraintStatement.fieldToMatch).toEqual({ singleHeader: { name: "authorization" } });
  });

  it("E-8 F-6 countries outside the list are refused, and the list names the 27 members of the European Union", () => {
    const [{ geoMatchStatement }] = rule("geo").statement.notStatement.statements;
    const { countryCodes } = geoMatchStatement;
    expect(rule("geo").action).toEqual({ block: {} });
    expect(new Set(countryCodes).size).toBe(30);
    expect(countryCodes).toEqual(expect.arrayContaining(["US", "CA", "GB", "DE", "GR", "HR", "IE", "SI"]));
    expect(countryCodes).not.toContain("EU");
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    for (const code of countryCodes) expect(names.of(code), code).toBeTruthy();
  });

  it("E-9 SQL injection is detected with high sensitivity, also in bodies, except on routes that carry document text", async () => {
    const [query, path, body] = rule("sqli").statement.orStatement.statements;
    const [bodyMatch, outside] = body.andStatement.statements;
    for (const one of [query, path, bodyMatch]) expect(one.sqliMatchStatement.sensitivityLevel).toBe("HIGH");
    expect(rule("sqli").action).toEqual({ block: {} });
    const { regexMatchStatement } = outside.notStatement.statements[0];
    expect(regexMatchStatement.textTransformations.at(-1).type).toBe("NORMALIZE_PATH");
    const isText = new RegExp(regexMatchStatement.regexString);
    for (const path of [...textPaths, "/api/v1/documents/doc_1/versions"]) expect(path).toMatch(isText);
    for (const path of ["/api/v1/webhooks", "/api/v1/api-keys", "/api/v1/documentsx"]) expect(path).not.toMatch(isText);
    const openapi = await readFile(join(root, "packages/sdk/openapi.json"), "utf8");
    const known = Object.keys(JSON.parse(openapi).paths);
    expect(known.filter((path) => textPaths.includes(path)).length).toBeGreaterThanOrEqual(3);
  });

  it("E-10 scripts are refused by AWS's core rule set, also in bodies, except on routes that carry document text", () => {
    const { managedRuleGroupStatement } = rule("core-set").statement;
    expect(managedRuleGroupStatement).toMatchObject({ vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" });
    expect(rule("core-set").overrideAction).toEqual({ none: {} });
    const [label, outside] = rule("xss").statement.andStatement.statements;
    expect(label.labelMatchStatement.key).toBe("awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body");
    expect(outside.notStatement.statements[0].regexMatchStatement).toBeDefined();
  });

  it("every rule can be set to count instead of block", () => {
    const counting = withDomain.one("wafv2/webAcl:WebAcl", "Firewall");
    for (const name of ["rate-anonymous", "rate", "geo", "sqli", "xss"])
      expect(rule(name, counting).action, name).toEqual({ count: {} });
    expect(rule("core-set", counting).overrideAction).toEqual({ count: {} });
  });

  it("S-6 T-10 refused and counted requests are logged without credentials", () => {
    const logging = production.one("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "FirewallLogging");
    expect(logging["redactedFields"]).toContainEqual({ singleHeader: { name: "authorization" } });
    expect(production.one("cloudwatch/logGroup:LogGroup", "FirewallLogs")["name"]).toMatch(/^aws-waf-logs-/);
    expect(production.one("cloudwatch/logDeliverySource:LogDeliverySource", "EdgeLogSource")["logType"]).toBe(
      "ACCESS_LOGS",
    );
  });

  it("S-6 many blocked requests trigger an alarm, in the region and with the name that the firewall's metric has", () => {
    for (const [name, topic] of [
      ["production", ":Alarms"],
      ["staging", ":Alarms"],
      ["production-west", ":EdgeAlarms"],
    ] as const) {
      const evaluation = evaluated(name);
      const { region, visibilityConfig } = evaluation.one("wafv2/webAcl:WebAcl", "Firewall");
      const blocked = evaluation.one("cloudwatch/metricAlarm:MetricAlarm", "BlockedRequests");
      expect(blocked, name).toMatchObject({
        region,
        dimensions: { WebACL: visibilityConfig.metricName, Rule: "ALL" },
        statistic: "Sum",
        period: 300,
        threshold: 1_000,
      });
      expect(visibilityConfig.metricName).toContain(name);
      expect(blocked["alarmActions"]).toEqual([expect.stringMatching(`^arn:aws:sns:us-east-1:.*${topic}`)]);
    }
  });
});
