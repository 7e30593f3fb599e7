import { describe, expect, it } from "vitest";
import { functions, isTask, queues, rules } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { type Evaluation, evaluated, type Inputs } from "./testing/evaluation.ts";

/** The edges of the blueprint's diagram, each with what both of its ends need on the evaluated resources. */
const production = evaluated("production");
const role = (name: string, of: Evaluation = production) => of.one("iam/role:Role", `${name}Role`);
/** Resources on which a role may do something. */
const targets = (one: Inputs, action: string): string[] =>
  one["inlinePolicies"]
    .flatMap(({ policy }: { policy: string }) => JSON.parse(policy).Statement)
    .filter(({ Action }: { Action: string[] }) => Action.includes(action))
    .flatMap(({ Resource }: { Resource: string[] }) => Resource);
const queue = (name: string) => production.one("sqs/queue:Queue", name)["name"] as string;
const functionNamed = (arn: string) =>
  [...production.all("lambda/function:Function")].find(([, one]) => arn.endsWith(`:${one["name"]}`))?.[0];

describe("I-6 edges of the diagram", () => {
  it("I-6 app → database: through the proxy, from the app's network, with the secret of its own login", () => {
    const api = production.one("lambda/function:Function", "ApiFunction");
    const { referencedSecurityGroupId } = production.one(
      "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "AppToProxyIn",
    );
    expect(api["vpcConfig"].securityGroupIds).toContain(referencedSecurityGroupId);
    const { secretArn, url } = production.link("AppDatabase");
    expect(targets(role("Api"), "secretsmanager:GetSecretValue")).toContain(secretArn);
    expect(url).toContain(production.one("rds/proxy:Proxy", "DatabaseProxy")["name"]);
    const proxyRole = production.one("iam/role:Role", "DatabaseProxyRole");
    const { auths } = production.one("rds/proxy:Proxy", "DatabaseProxy");
    for (const { secretArn } of auths) expect(targets(proxyRole, "secretsmanager:GetSecretValue")).toContain(secretArn);
  });

  it("I-6 F-51 app → read replica: directly, from the app's network, with the secret of the API's login; nothing else connects", () => {
    const withReplica = evaluated("production-domain");
    const { secretArn, url } = withReplica.link("ReplicaDatabase");
    const replica = withReplica.one("rds/instance:Instance", "ReadReplica");
    expect(url).toContain(`//${replica["identifier"]}.`);
    expect(replica["vpcSecurityGroupIds"]).toEqual([expect.stringContaining("ReplicaSecurityGroup")]);
    const open = [...withReplica.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")].filter(
      ([, { securityGroupId }]) => replica["vpcSecurityGroupIds"].includes(securityGroupId),
    );
    expect(open.map(([name]) => name)).toEqual(["AppToReplicaIn"]);
    expect(open[0]![1]).toMatchObject({ fromPort: 5432, toPort: 5432 });
    for (const name of ["Api", "ApiWait"]) {
      const { vpcConfig } = withReplica.one("lambda/function:Function", `${name}Function`);
      expect(vpcConfig.securityGroupIds).toContain(open[0]![1]["referencedSecurityGroupId"]);
      expect(targets(role(name, withReplica), "secretsmanager:GetSecretValue")).toContain(secretArn);
    }
    expect(production.all("ec2/securityGroup:SecurityGroup").has("ReplicaSecurityGroup")).toBe(false);
  });

  it("I-6 app → cache: over the internet, or to Redis's port from the app's network", () => {
    expect(functions.api.links).toContain("Cache");
    expect(production.link("Cache")).toMatchObject({ url: expect.anything(), secretArn: expect.anything() });
    const options = evaluated("production-options");
    const [ingress] = options.one("ec2/securityGroup:SecurityGroup", "CacheSecurityGroup")["ingress"];
    const api = options.one("lambda/function:Function", "ApiFunction");
    expect(ingress.securityGroups).toEqual(api["vpcConfig"].securityGroupIds);
    expect([ingress.fromPort, ingress.toPort]).toEqual([6379, 6379]);
  });

  it("I-6 app → queue → worker: the app may send to each queue of its outbox, and each queue has its consumer", () => {
    const sendable = targets(role("Api"), "sqs:SendMessage");
    for (const name of ["DocumentProcessing", "UrlFetch", "VectorJobs", "WebhookDelivery", "Onboarding"])
      expect(
        sendable.some((arn) => arn.endsWith(`:${queue(`${name}QueueQueue`)}`)),
        name,
      ).toBe(true);
    for (const [name, { consumer }] of Object.entries(queues)) {
      const own = queue(`${pascal(name)}QueueQueue`);
      const reader = isTask(consumer) ? role(`${pascal(consumer)}Task`) : role(pascal(consumer));
      expect(
        targets(reader, "sqs:ReceiveMessage").some((arn) => arn.endsWith(`:${own}`)),
        name,
      ).toBe(true);
      const mapping = [...production.all("lambda/eventSourceMapping:EventSourceMapping").values()].find((one) =>
        one["eventSourceArn"].endsWith(`:${own}`),
      );
      // A task polls its queue itself.
      expect(mapping === undefined, name).toBe(isTask(consumer));
      if (mapping) expect(mapping["functionName"]).toContain(pascal(consumer));
    }
  });

  it("I-6 worker → S3 → Lambda → EventBridge → Lambda: documents, events of uploads, and the product's events", () => {
    const [objects] = targets(role("ProcessDocument"), "s3:GetObject");
    expect(objects).toContain(production.one("s3/bucket:Bucket", "DocumentsBucketBucket")["bucket"]);
    const notified = [...production.all("s3/bucketNotification:BucketNotification").values()];
    expect(notified.some((one) => one["eventbridge"])).toBe(true);
    for (const [name, spec] of Object.entries(rules)) {
      const target = production.one("cloudwatch/eventTarget:EventTarget", `${pascal(name)}Target`);
      expect(functionNamed(target["arn"]), name).toBe(`${pascal(spec.target)}Function`);
    }
    const bus = production.one("cloudwatch/eventBus:EventBus", "EventBusBus")["name"];
    for (const name of ["Api", "StoreUpload", "ProcessDocument", "VectorWorkerTask"])
      expect(
        targets(role(name), "events:PutEvents").some((arn) => arn.endsWith(`/${bus}`)),
        name,
      ).toBe(true);
  });

  it("I-6 app → Cognito, CloudWatch and APM: logs, metrics and traces", () => {
    expect([...production.all("cognito/userPool:UserPool").keys()]).toContain("Users");
    for (const [name, one] of production.all("lambda/function:Function")) {
      expect(one["tracingConfig"], name).toEqual({ mode: "Active" });
      expect(one["loggingConfig"].logGroup, name).toBeTruthy();
    }
    for (const name of Object.keys(functions).map(pascal))
      expect(targets(role(name), "xray:PutTraceSegments"), name).toEqual(["*"]);
  });

  it("I-6 CloudFront → static assets: only this distribution reads the console's bucket", () => {
    const { origins } = production.one("cloudfront/distribution:Distribution", "EdgeDistribution");
    const assets = origins.filter((one: Inputs) => one["originAccessControlId"]);
    expect(assets).toHaveLength(1);
    expect(assets[0].domainName).toMatch(/\.s3\.us-east-1\.amazonaws\.com$/);
  });
});

const stages = [
  "production",
  "production-options",
  "production-domain",
  "production-west",
  "production-lean",
  "staging",
  "developer",
] as const;

describe("encryption", () => {
  it.each(stages)("S-5 F-39 %s: everything that stores data is encrypted at rest", (stage) => {
    const evaluation = evaluated(stage);
    const all = (type: string) => [...evaluation.all(type)];
    for (const [name, one] of all("rds/instance:Instance")) {
      // A replica in the same region and a restored instance have the encryption of their source.
      if (!one["replicateSourceDb"]) expect(one["storageEncrypted"], name).toBe(true);
      expect(one["performanceInsightsKmsKeyId"], name).toBeTruthy();
    }
    for (const [name, one] of all("sqs/queue:Queue"))
      expect(Boolean(one["sqsManagedSseEnabled"] || one["kmsMasterKeyId"]), name).toBe(true);
    for (const [name, one] of all("sns/topic:Topic")) expect(one["kmsMasterKeyId"], name).toBeTruthy();
    for (const [name, one] of all("backup/vault:Vault")) expect(one["kmsKeyArn"], name).toBeTruthy();
    for (const [name, one] of all("elasticache/replicationGroup:ReplicationGroup"))
      expect([one["atRestEncryptionEnabled"], one["transitEncryptionEnabled"]], name).toEqual([true, true]);
    for (const [name, one] of all("ec2/instance:Instance")) expect(one["rootBlockDevice"].encrypted, name).toBe(true);
    for (const [name] of all("rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"))
      expect(
        evaluation.one("rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", name)["kmsKeyId"],
      ).toBeTruthy();
    for (const [name, one] of all("ssm/parameter:Parameter")) expect(one["type"], name).toBe("SecureString");
    const encrypted = new Set(
      all("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").map(
        ([, one]) => one["bucket"],
      ),
    );
    for (const [name, one] of all("s3/bucket:Bucket")) expect(encrypted, name).toContain(one["bucket"]);
  });

  it.each(stages)("S-5 F-39 %s: every key rotates, and the services that encrypt by themselves are named", (stage) => {
    const evaluation = evaluated(stage);
    for (const [name, one] of evaluation.all("kms/key:Key")) expect(one["enableKeyRotation"], name).toBe(true);
    // Logs, EventBridge, Cognito and Lambda encrypt with keys of AWS when no key is given; a key that is deleted would
    // make them unreadable.
    for (const type of ["cloudwatch/logGroup:LogGroup", "cloudwatch/eventBus:EventBus"])
      for (const [name, one] of evaluation.all(type)) expect(one, name).not.toHaveProperty("kmsKeyId");
  });

  it.each(stages)("S-5 F-39 %s: nothing accepts a connection without TLS", (stage) => {
    const evaluation = evaluated(stage);
    for (const proxy of evaluation.all("rds/proxy:Proxy").values()) expect(proxy["requireTls"]).toBe(true);
    const { parameters } = evaluation.one("rds/parameterGroup:ParameterGroup", "DatabaseParameters");
    expect(parameters).toContainEqual(expect.objectContaining({ name: "rds.force_ssl", value: "1" }));
    for (const link of evaluation.links().filter((one) => one.endsWith("Database")))
      expect(evaluation.link(link)["url"], link).toMatch(/sslmode=verify-full$/);
    for (const [name, one] of evaluation.all("cloudfront/distribution:Distribution"))
      for (const behavior of [one["defaultCacheBehavior"], ...one["orderedCacheBehaviors"]])
        expect(behavior.viewerProtocolPolicy, name).toMatch(/^(https-only|redirect-to-https)$/);
    for (const [name, { policy }] of evaluation.all("s3/bucketPolicy:BucketPolicy"))
      expect(JSON.parse(policy).Statement, name).toContainEqual(
        expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": ["false"] } } }),
      );
  });
});
