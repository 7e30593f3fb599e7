import { validateIdentityPolicy, validateResourcePolicy, validateTrustPolicy } from "@cloud-copilot/iam-policy";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, it } from "vitest";
import { functions, type LinkName, queues, rules, tasks } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { type EvaluatedName, type Evaluation, evaluated, listing, variants } from "./testing/evaluation.ts";

const production = evaluated("production");

describe("permissions", () => {
  const may = async (
    functionName: string,
    action: string,
    resource: string,
    context: Record<string, string[]> = {},
    evaluation = production,
  ) => {
    const role = evaluation.one("iam/role:Role", `${functionName}Role`);
    const result = await runSimulation(
      {
        identityPolicies: role["inlinePolicies"].map((entry: { name: string; policy: string }) => ({
          name: entry.name,
          policy: JSON.parse(entry.policy),
        })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        request: {
          action,
          principal: `arn:aws:iam::123456789012:role/${functionName}`,
          resource: { resource, accountId: "123456789012" },
          contextVariables: context,
        },
      },
      {},
    );
    return (result as { overallResult?: string }).overallResult === "Allowed";
  };
  const bucketArn = (name = "Documents") =>
    `arn:aws:s3:::${production.one("s3/bucket:Bucket", `${name}BucketBucket`)["bucket"]}`;
  const busArn = () =>
    `arn:aws:events:us-east-1:123456789012:event-bus/${production.one("cloudwatch/eventBus:EventBus", "EventBusBus")["name"]}`;
  const queueArn = (name: string) =>
    `arn:aws:sqs:us-east-1:123456789012:${production.one("sqs/queue:Queue", `${name}QueueQueue`)["name"]}`;
  const deadLetterArn = (name: string) =>
    `arn:aws:sqs:us-east-1:123456789012:${production.one("sqs/queue:Queue", `${name}DlqQueue`)["name"]}`;

  const poolArn = () =>
    `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${production.one("cognito/userPool:UserPool", "Users")["name"]}`;

  const consumers = [
    ...Object.entries(functions).map(([name, spec]) => ({ name, spec, role: pascal(name) })),
    ...Object.entries(tasks).map(([name, spec]) => ({ name, spec, role: `${pascal(name)}Task` })),
  ];
  /** Actions that no code needs, on the resources that the system uses. */
  const forbidden = (): [action: string, resource: string][] => [
    ["s3:DeleteBucket", bucketArn()],
    ["s3:PutBucketPolicy", bucketArn()],
    ["s3:DeleteObjectVersion", `${bucketArn()}/others`],
    ["s3:GetObject", `${bucketArn()}/others`],
    ["s3:GetObject", `${bucketArn("DocumentsReplica")}/t/one`],
    ["s3:PutObject", `${bucketArn("DocumentsReplica")}/t/one`],
    ["s3:ListBucket", bucketArn("DocumentsReplica")],
    ["s3:GetObject", "arn:aws:s3:::somebody-elses/t/one"],
    ["sqs:PurgeQueue", queueArn("DocumentProcessing")],
    ["sqs:DeleteQueue", queueArn("DocumentProcessing")],
    ["sqs:PurgeQueue", deadLetterArn("DocumentProcessing")],
    ["sqs:StartMessageMoveTask", deadLetterArn("DocumentProcessing")],
    ["events:PutEvents", "arn:aws:events:us-east-1:123456789012:event-bus/default"],
    ["kms:ScheduleKeyDeletion", "arn:aws:kms:us-east-1:123456789012:key/any"],
    ["kms:Decrypt", "arn:aws:kms:us-east-1:123456789012:key/any"],
    // Nobody sets the password or an attribute of somebody else, or signs in for them.
    ["cognito-idp:AdminSetUserPassword", poolArn()],
    ["cognito-idp:AdminUpdateUserAttributes", poolArn()],
    ["cognito-idp:AdminInitiateAuth", poolArn()],
    ["cognito-idp:AdminGetUser", "arn:aws:cognito-idp:us-east-1:123456789012:userpool/other"],
    ["iam:PassRole", "arn:aws:iam::123456789012:role/any"],
    ["iam:CreateRole", "arn:aws:iam::123456789012:role/any"],
    ["sts:AssumeRole", "arn:aws:iam::123456789012:role/any"],
    ["lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:any"],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:any"],
    ["rds:DeleteDBInstance", "arn:aws:rds:us-east-1:123456789012:db:any"],
  ];

  it.each(consumers)(
    "F-47 $name has exactly the permissions of its row in the topology",
    async ({ name, spec, role }) => {
      const mayNot: string[] = [];
      const mustNot: string[] = [];
      const check = async (action: string, resource: string, expected: boolean) => {
        const allowed = await may(role, action, resource);
        if (expected && !allowed) mayNot.push(`${action} ${resource}`);
        if (!expected && allowed) mustNot.push(`${action} ${resource}`);
      };
      for (const [queue, { consumer }] of Object.entries(queues)) {
        const arn = queueArn(pascal(queue));
        await check("sqs:SendMessage", arn, spec.links.includes(pascal(queue) as LinkName));
        for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage"]) await check(action, arn, consumer === name);
      }
      for (const queue of [...Object.keys(queues), ...Object.keys(rules)])
        for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"])
          await check(action, deadLetterArn(pascal(queue)), spec.links.includes("DeadLetters"));
      for (const [action, right] of [
        ["s3:GetObject", "get"],
        ["s3:PutObject", "put"],
        ["s3:DeleteObject", "delete"],
      ] as const)
        for (const key of ["t/one", "text/t/one.json"])
          await check(action, `${bucketArn()}/${key}`, spec.documents?.includes(right) ?? false);
      // M10 a purge deletes every version, also in the replica.
      for (const arn of [bucketArn(), bucketArn("DocumentsReplica")]) {
        const mayPurge = spec.documents?.includes("delete") ?? false;
        for (const key of ["t/one", "text/t/one.json"])
          await check("s3:DeleteObjectVersion", `${arn}/${key}`, mayPurge);
        await check("s3:ListBucketVersions", arn, mayPurge);
      }
      await check("events:PutEvents", busArn(), spec.links.includes("Bus"));
      await check("ses:SendEmail", "arn:aws:ses:us-east-1:123456789012:identity/resolve.example", false);
      await check("cognito-idp:AdminGetUser", poolArn(), spec.links.includes("UserPool"));
      const managesAccounts = "managesAccounts" in spec && spec.managesAccounts === true;
      for (const action of ["AdminCreateUser", "AdminDisableUser", "AdminUserGlobalSignOut", "AdminDeleteUser"])
        await check(`cognito-idp:${action}`, poolArn(), managesAccounts);
      for (const [action, resource] of forbidden()) await check(action, resource, false);
      expect({ mayNot, mustNot }).toEqual({ mayNot: [], mustNot: [] });
    },
  );

  it.each(Object.keys(variants) as EvaluatedName[])(
    "every function of %s may send to its failure destination before the destination is configured",
    async (stage) => {
      const evaluation = evaluated(stage);
      const type = "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
      const configs = [...evaluation.all(type)].filter(([, { destinationConfig }]) => destinationConfig);
      expect(configs).toHaveLength(Object.keys(rules).length);
      for (const [name, { functionName, destinationConfig }] of configs) {
        const [made] = [...evaluation.all("lambda/function:Function")].find(([, one]) => one["name"] === functionName)!;
        const owner = made.replace(/Function$/, "");
        const queue = destinationConfig.onFailure.destination;
        expect(await may(owner, "sqs:SendMessage", queue, {}, evaluation), name).toBe(true);
        expect(evaluation.waitsFor(type, name), name).toContain(`${owner}Role`);
        const roleWaitsFor = evaluation.waitsFor("iam/role:Role", `${owner}Role`);
        expect(
          roleWaitsFor.some((one) => queue.endsWith(`:${evaluation.all("sqs/queue:Queue").get(one)?.["name"]}`)),
        ).toBe(true);
      }
      // Other functions may not.
      const [[, { destinationConfig }]] = configs as [[string, { destinationConfig: Destination }]];
      expect(await may("Sweep", "sqs:SendMessage", destinationConfig.onFailure.destination, {}, evaluation)).toBe(
        false,
      );
    },
  );

  it("EventBridge may send to the queue of a rule before the rule has a target", async () => {
    for (const [name, { deadLetterConfig }] of production.all("cloudwatch/eventTarget:EventTarget")) {
      const policy = name.replace(/Target$/, "DlqPolicy");
      expect(production.waitsFor("cloudwatch/eventTarget:EventTarget", name)).toContain(policy);
      const { Statement } = JSON.parse(production.one("sqs/queuePolicy:QueuePolicy", policy)["policy"]);
      expect(Statement).toEqual([
        expect.objectContaining({
          Principal: { Service: ["events.amazonaws.com"] },
          Action: ["sqs:SendMessage"],
          Resource: [deadLetterConfig.arn],
        }),
      ]);
    }
  });

  it("every policy is valid IAM", () => {
    const errors: string[] = [];
    const note = (where: string, found: object[]) =>
      errors.push(...found.map((one) => `${where}: ${JSON.stringify(one)}`));
    for (const [name, role] of production.all("iam/role:Role")) {
      note(name, validateTrustPolicy(JSON.parse(role["assumeRolePolicy"])));
      for (const { policy } of role["inlinePolicies"] ?? []) note(name, validateIdentityPolicy(JSON.parse(policy)));
    }
    for (const type of ["s3/bucketPolicy:BucketPolicy", "sqs/queuePolicy:QueuePolicy", "sns/topicPolicy:TopicPolicy"])
      for (const [name, { policy }] of production.all(type)) note(name, validateResourcePolicy(JSON.parse(policy)));
    for (const [name, { policy }] of production.all("kms/key:Key"))
      if (policy) note(name, validateResourcePolicy(JSON.parse(policy)));
    expect(errors).toEqual([]);
    expect(validateIdentityPolicy({ Version: "2012-10-17", Statement: [{ Effect: "Maybe" }] })).not.toEqual([]);
  });

  it("only services assume roles", () => {
    for (const [name, role] of production.all("iam/role:Role"))
      for (const { Principal } of JSON.parse(role["assumeRolePolicy"]).Statement)
        expect(Object.keys(Principal), name).toEqual(["Service"]);
  });

  it("only the sender of webhooks assumes roles: of tenants, in other accounts, with a tenant's ExternalId", async () => {
    const role = "arn:aws:iam::999999999999:role/resolve-orders";
    const context = { "sts:ExternalId": ["ten_01k9x0000000e0080000000000"], "aws:ResourceAccount": ["999999999999"] };
    const assuming = consumers.filter(({ spec }) => (spec.links as readonly string[]).includes("CustomerRoles"));
    expect(assuming.map(({ name }) => name)).toEqual(["deliver-webhook"]);
    const mayAssume = (resource: string, more: Record<string, string[]>) =>
      may("DeliverWebhook", "sts:AssumeRole", resource, { ...context, ...more });
    expect(await mayAssume(role, {})).toBe(true);
    expect(await mayAssume(role, { "sts:ExternalId": ["other"] })).toBe(false);
    expect(await may("DeliverWebhook", "sts:AssumeRole", role)).toBe(false);
    expect(await mayAssume("arn:aws:iam::999999999999:role/admin", {})).toBe(false);
    const own = "arn:aws:iam::123456789012:role/resolve-orders";
    expect(await mayAssume(own, { "aws:ResourceAccount": ["123456789012"] })).toBe(false);
  });

  const tracing = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
  /** Actions on every resource, a list for each statement, by role. */
  const unbounded = (evaluation: Evaluation) =>
    [...evaluation.all("iam/role:Role")].map(([name, role]): [string, string[][]] => {
      const policies: { policy: string }[] = role["inlinePolicies"] ?? [];
      const statements = policies.flatMap(({ policy }) => JSON.parse(policy).Statement);
      for (const action of statements.flatMap(({ Action }) => Action)) expect(action, name).not.toContain("*");
      return [name, statements.filter(({ Resource }) => Resource.includes("*")).map(({ Action }) => Action)];
    });

  it("F-47 no function has a wildcard action, and only tracing has a wildcard resource", () => {
    // cloudwatch:DescribeAlarms has no resource-level permissions.
    const known = [[], [tracing], [["cloudwatch:DescribeAlarms"]]];
    for (const [name, actions] of unbounded(production)) expect(known, name).toContainEqual(actions);
  });

  it("only functions and tasks that embed may invoke Bedrock, only the stage's model, and only where the stage uses Bedrock", async () => {
    const model = (id: string) => `arn:aws:bedrock:us-east-1::foundation-model/${id}`;
    const titan = "amazon.titan-embed-text-v2:0";
    expect(production.link("Embedding")).toEqual({ provider: "bedrock", model: titan, region: "us-east-1" });
    expect(await may("Api", "bedrock:InvokeModel", model(titan))).toBe(true);
    expect(await may("Api", "bedrock:InvokeModel", model("amazon.titan-text-express-v1"))).toBe(false);
    const asking = (evaluation: Evaluation) =>
      [...evaluation.all("iam/role:Role")]
        .filter(([, role]) => JSON.stringify(role["inlinePolicies"] ?? []).includes("bedrock:"))
        .map(([name]) => name)
        .sort();
    const embedding = Object.entries({ ...functions, ...tasks }).filter(([, { links }]) =>
      (links as readonly string[]).includes("Embedding"),
    );
    expect(asking(production)).toEqual(
      embedding.map(([name]) => `${pascal(name)}${name in tasks ? "TaskRole" : "Role"}`).sort(),
    );
    expect(asking(evaluated("developer"))).toEqual([]);
    expect(evaluated("developer").links()).not.toContain("Embedding");
  });

  it("with OCR on, only the extractors may call Textract, and no resource is added", () => {
    const evaluation = evaluated("production-models");
    const textract = [
      "textract:StartDocumentTextDetection",
      "textract:GetDocumentTextDetection",
      "textract:DetectDocumentText",
    ];
    const asking = unbounded(evaluation).filter(([, actions]) =>
      actions.flat().some((one) => one.includes("textract")),
    );
    expect(asking).toEqual([
      ["ProcessDocumentRole", [textract, tracing]],
      ["VectorWorkerTaskRole", [textract, tracing]],
    ]);
    expect(listing(evaluation)).toBe(listing(production));
  });

  it("with a Bedrock model for answers, only the API may invoke it, and no resource is added", () => {
    const evaluation = evaluated("production-models");
    const model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
    const asking = [...evaluation.all("iam/role:Role")].flatMap(([name, role]) =>
      (role["inlinePolicies"] ?? [])
        .flatMap(({ policy }: { policy: string }) => JSON.parse(policy).Statement)
        .filter(({ Resource }: { Resource: string[] }) => [Resource].flat().includes(model))
        .map(({ Action, Resource }: { Action: string[]; Resource: string[] }) => [name, Action, Resource]),
    );
    expect(asking).toEqual(["ApiRole", "ApiWaitRole"].map((name) => [name, ["bedrock:InvokeModel"], [model]]));
    expect(evaluation.link("Answering")).toEqual({
      provider: "bedrock",
      model: "amazon.nova-lite-v1:0",
      region: "us-east-1",
    });
    expect(listing(evaluation)).toBe(listing(production));
  });

  it("the API reads and writes documents but cannot delete them", async () => {
    expect(await may("Api", "s3:PutObject", `${bucketArn()}/t/one`)).toBe(true);
    expect(await may("Api", "s3:DeleteObject", `${bucketArn()}/t/one`)).toBe(false);
    expect(await may("Api", "s3:DeleteBucket", bucketArn())).toBe(false);
    expect(await may("Api", "sqs:SendMessage", queueArn("DocumentProcessing"))).toBe(true);
    expect(await may("Api", "sqs:ReceiveMessage", queueArn("DocumentProcessing"))).toBe(false);
  });

  it("the documents key is usable through S3 only, for reading or writing as the function needs", () => {
    const key = production.one(
      "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "DocumentsBucketEncryption",
    )["rules"][0].applyServerSideEncryptionByDefault.kmsMasterKeyId;
    // The simulator does not support encryption context keys, so the statements themselves are compared.
    const onKey = (name: string) =>
      production
        .one("iam/role:Role", `${name}Role`)
        ["inlinePolicies"].flatMap(({ policy }: { policy: string }) => JSON.parse(policy).Statement)
        .filter(({ Resource }: { Resource: string[] }) => Resource.includes(key));
    const may = (...Action: string[]) => [
      {
        Effect: "Allow",
        Action,
        Resource: [key],
        Condition: {
          StringEquals: {
            "kms:ViaService": ["s3.us-east-1.amazonaws.com"],
            "kms:EncryptionContext:aws:s3:arn": [bucketArn()],
          },
        },
      },
    ];
    expect(onKey("Api")).toEqual(may("kms:Decrypt", "kms:GenerateDataKey"));
    expect(onKey("ProcessDocument")).toEqual(may("kms:Decrypt"));
    expect(onKey("FetchUrl")).toEqual(may("kms:GenerateDataKey"));
    expect(onKey("DeliverWebhook")).toEqual([]);
  });

  it("deliver-webhook opens what its messages contain with the tenants' keys, and makes no key", () => {
    const actionsOn = (name: string): string[][] =>
      production
        .one("iam/role:Role", `${name}Role`)
        ["inlinePolicies"].flatMap(({ policy }: { policy: string }) => JSON.parse(policy).Statement)
        .filter(({ Condition }: { Condition?: object }) => JSON.stringify(Condition ?? {}).includes('["tenantId"]'))
        .map(({ Action }: { Action: string[] }) => Action);
    expect(actionsOn("DeliverWebhook")).toEqual([["kms:Decrypt"]]);
    expect(actionsOn("RecordDelivery")).toEqual([["kms:GenerateDataKey", "kms:Decrypt"]]);
    expect(actionsOn("FetchUrl")).toEqual([]);
  });

  it("process-document reads documents, and deliver-webhook has no access to them", async () => {
    expect(await may("ProcessDocument", "s3:GetObject", `${bucketArn()}/t/one`)).toBe(true);
    expect(await may("ProcessDocument", "s3:PutObject", `${bucketArn()}/t/one`)).toBe(false);
    expect(await may("ProcessDocument", "sqs:ReceiveMessage", queueArn("DocumentProcessing"))).toBe(true);
    expect(await may("DeliverWebhook", "s3:GetObject", `${bucketArn()}/t/one`)).toBe(false);
    expect(await may("DeliverWebhook", "sqs:SendMessage", queueArn("WebhookResults"))).toBe(true);
    expect(await may("DeliverWebhook", "sqs:SendMessage", queueArn("DocumentProcessing"))).toBe(false);
  });
});

type Destination = { onFailure: { destination: string } };
