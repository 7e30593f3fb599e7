import type { Evaluation, Inputs } from "./evaluation.ts";
import { account } from "./mocks.mjs";
import { reach } from "./references.ts";

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource?: string | string[];
  Principal?: "*" | { Service?: string | string[] };
  Condition?: Record<string, Record<string, string | string[]>>;
};

/**
 * What one AWS service sends to another on behalf of the stage, and why AWS would refuse it: a role or a resource policy
 * does not allow it, or the resource that sends does not wait for the policy. AWS checks some of these when the resource is
 * created, and a policy that comes a second later ends the deployment.
 */
export const deliveryProblems = (evaluation: Evaluation): string[] => {
  const { resources } = evaluation;
  const problems: string[] = [];
  const direct = new Map(resources.map(({ type, name, dependencies }) => [`${type} ${name}`, dependencies]));
  const ofType = (type: string) =>
    [...evaluation.all(type)].map(([name, inputs]) => {
      const waitsFor = reach(direct, `aws:${type} ${name}`);
      const outputs = resources.find((one) => one.type === `aws:${type}` && one.name === name)?.outputs ?? [];
      return {
        type,
        name,
        inputs,
        outputs,
        waitsFor: (other: Found) => waitsFor.has(`aws:${other.type} ${other.name}`),
      };
    });
  type Found = { type: string; name: string };
  const owner = (type: string, output: string) => ofType(type).find(({ outputs }) => outputs.includes(output));
  const fail = (sender: Found, what: string) => problems.push(`${sender.name}: ${what}`);

  /** The role must trust the service; the sender waits for the role. */
  const trusted = (sender: Sender, arn: string, service: string) => {
    const role = owner("iam/role:Role", arn);
    if (!role) {
      fail(sender, `its role ${arn} is not one of the stage`);
      return undefined;
    }
    const trust = statementsOf(role.inputs["assumeRolePolicy"]);
    if (!trust.some((one) => isFor(one, service) && lists(one.Action, "sts:AssumeRole")))
      fail(sender, `${service} may not assume ${role.name}`);
    if (!sender.waitsFor(role)) fail(sender, `does not wait for ${role.name}`);
    return role;
  };
  /** The role must also allow the actions. */
  const checkRole = (sender: Sender, arn: string, service: string, actions: string[], resource: string) => {
    const role = trusted(sender, arn, service);
    const own = (role?.inputs["inlinePolicies"] ?? []).flatMap(({ policy }: Inputs) => statementsOf(policy as string));
    for (const action of actions)
      if (role && !own.some((one: Statement) => allows(one, action, resource) && isThroughService(one, resource)))
        fail(sender, `${role.name} may not ${action} ${resource}`);
  };
  /** The role must also have this policy of AWS. */
  const checkManaged = (sender: Sender, arn: string, service: string, policy: string) => {
    const role = trusted(sender, arn, service);
    if (role && !role.inputs["managedPolicyArns"]?.some((one: string) => one.endsWith(`/${policy}`)))
      fail(sender, `${role.name} lacks ${policy}`);
  };
  type Sender = Found & { waitsFor: (other: Found) => boolean };
  type Policy = Sender & { inputs: Inputs; outputs: string[] };
  /** One of the policies of a resource must allow the service, and the sender waits for that policy. */
  const checkPolicy = (
    sender: Sender,
    policies: Policy[],
    service: string,
    actions: string[],
    resource: string,
    source?: string,
  ) => {
    for (const action of actions) {
      const allowing = policies.filter(({ inputs }) =>
        statementsOf(inputs["policy"] ?? inputs["policyDocument"]).some(
          (one) => isFor(one, service) && allows(one, action, resource) && isFrom(one, source),
        ),
      );
      if (allowing.length === 0) fail(sender, `${service} may not ${action} ${resource}`);
      else if (!allowing.some((one) => sender.waitsFor(one))) fail(sender, `does not wait for ${allowing[0]!.name}`);
    }
  };
  const checkInvocation = (sender: Sender, service: string, functionArn: string, source: string) => {
    const permissions = ofType("lambda/permission:Permission").filter(({ inputs }) => {
      const { principal, sourceArn, function: name, qualifier } = inputs;
      const invoked = `${functionOf(name)}${qualifier ? `:${qualifier}` : ""}`;
      return principal === service && isLike(source, sourceArn) && invoked === functionOf(functionArn);
    });
    if (permissions.length === 0) fail(sender, `${service} may not invoke ${functionOf(functionArn)}`);
    else if (!permissions.some((one) => sender.waitsFor(one)))
      fail(sender, `does not wait for ${permissions[0]!.name}`);
  };
  const queuePolicies = (arn: string) => {
    const url = owner("sqs/queue:Queue", arn)?.outputs;
    return ofType("sqs/queuePolicy:QueuePolicy").filter(({ inputs }) => url?.includes(inputs["queueUrl"]));
  };
  const bucketPolicies = (name: string) =>
    ofType("s3/bucketPolicy:BucketPolicy").filter(({ inputs }) => inputs["bucket"] === name);
  const checkTopics = (sender: Sender, service: string, arns: string[]) => {
    for (const arn of arns.filter((one) => one.includes(":sns:"))) {
      const policies = ofType("sns/topicPolicy:TopicPolicy").filter(({ inputs }) => inputs["arn"] === arn);
      checkPolicy(sender, policies, service, ["sns:Publish"], arn);
      const keyId = owner("sns/topic:Topic", arn)?.inputs["kmsMasterKeyId"];
      const keys = ofType("kms/key:Key").filter(({ outputs }) => outputs.includes(keyId));
      checkPolicy(sender, keys, service, ["kms:Decrypt", "kms:GenerateDataKey"], "*");
    }
  };
  const logPolicies = ofType("cloudwatch/logResourcePolicy:LogResourcePolicy");
  const writing = ["logs:CreateLogStream", "logs:PutLogEvents"];

  for (const one of ofType("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")) {
    const destination = one.inputs["destinationConfig"]?.onFailure.destination;
    const failing = owner("lambda/function:Function", one.inputs["functionName"]);
    if (destination && failing)
      checkRole(one, failing.inputs["role"], "lambda.amazonaws.com", ["sqs:SendMessage"], destination);
  }
  for (const one of ofType("lambda/eventSourceMapping:EventSourceMapping")) {
    const reading = owner("lambda/function:Function", one.inputs["functionName"])!;
    const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    checkRole(one, reading.inputs["role"], "lambda.amazonaws.com", actions, one.inputs["eventSourceArn"]);
  }
  for (const one of ofType("cloudwatch/eventTarget:EventTarget")) {
    const { rule, arn, deadLetterConfig } = one.inputs;
    const source = owner("cloudwatch/eventRule:EventRule", rule)!.outputs.find((output) => output.startsWith("arn:"))!;
    checkInvocation(one, "events.amazonaws.com", arn, source);
    const dead = deadLetterConfig.arn as string;
    checkPolicy(one, queuePolicies(dead), "events.amazonaws.com", ["sqs:SendMessage"], dead, source);
  }
  for (const one of ofType("scheduler/schedule:Schedule")) {
    const { arn, roleArn } = one.inputs["target"];
    checkRole(one, roleArn, "scheduler.amazonaws.com", ["lambda:InvokeFunction"], arn);
  }
  for (const one of ofType("secretsmanager/secretRotation:SecretRotation")) {
    const { secretId, rotationLambdaArn } = one.inputs;
    const secret = owner("secretsmanager/secret:Secret", secretId)!.outputs.find((output) =>
      output.startsWith("arn:"),
    )!;
    checkInvocation(one, "secretsmanager.amazonaws.com", rotationLambdaArn, secret);
    const rotating = owner("lambda/function:Function", rotationLambdaArn)!;
    const actions = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"];
    const all = actions.map((action) => `secretsmanager:${action}`);
    checkRole(one, rotating.inputs["role"], "lambda.amazonaws.com", all, secret);
  }
  for (const one of ofType("apigatewayv2/integration:Integration")) {
    const api = owner("apigatewayv2/api:Api", one.inputs["apiId"])!;
    const source = api.outputs.find((output) => output.includes(":execute-api:"))!;
    checkInvocation(one, "apigateway.amazonaws.com", one.inputs["integrationUri"], `${source}/any`);
  }
  for (const one of ofType("s3/bucketLogging:BucketLogging")) {
    const { targetBucket, targetPrefix } = one.inputs;
    const objects = `arn:aws:s3:::${targetBucket}/${targetPrefix}any`;
    checkPolicy(one, bucketPolicies(targetBucket), "logging.s3.amazonaws.com", ["s3:PutObject"], objects);
  }
  for (const one of ofType("s3/bucketReplicationConfig:BucketReplicationConfig")) {
    const { bucket, role, rules } = one.inputs;
    const from = `arn:aws:s3:::${bucket}`;
    checkRole(one, role, "s3.amazonaws.com", ["s3:GetReplicationConfiguration", "s3:ListBucket"], from);
    checkRole(one, role, "s3.amazonaws.com", ["s3:GetObjectVersionForReplication"], `${from}/any`);
    for (const { destination } of rules) {
      checkRole(
        one,
        role,
        "s3.amazonaws.com",
        ["s3:ReplicateObject", "s3:ReplicateDelete"],
        `${destination.bucket}/any`,
      );
      const key = destination.encryptionConfiguration.replicaKmsKeyId;
      checkRole(one, role, "s3.amazonaws.com", ["kms:Encrypt"], key);
      const ofTheStage = ofType("s3/bucket:Bucket").map(({ inputs }) => inputs["bucket"]);
      for (const name of [bucket, destination.bucket.replace("arn:aws:s3:::", "")].filter((one) =>
        ofTheStage.includes(one),
      )) {
        const versioning = ofType("s3/bucketVersioning:BucketVersioning").find(
          ({ inputs }) => inputs["bucket"] === name,
        );
        if (!versioning || !one.waitsFor(versioning)) fail(one, `does not wait for the versioning of ${name}`);
      }
    }
  }
  for (const one of ofType("ec2/flowLog:FlowLog"))
    checkRole(
      one,
      one.inputs["iamRoleArn"],
      "vpc-flow-logs.amazonaws.com",
      writing,
      `${one.inputs["logDestination"]}:any`,
    );
  for (const one of ofType("rds/proxy:Proxy"))
    for (const { secretArn } of one.inputs["auths"])
      checkRole(one, one.inputs["roleArn"], "rds.amazonaws.com", ["secretsmanager:GetSecretValue"], secretArn);
  for (const one of ofType("rds/instance:Instance"))
    checkManaged(
      one,
      one.inputs["monitoringRoleArn"],
      "monitoring.rds.amazonaws.com",
      "AmazonRDSEnhancedMonitoringRole",
    );
  for (const one of ofType("backup/selection:Selection"))
    checkManaged(one, one.inputs["iamRoleArn"], "backup.amazonaws.com", "AWSBackupServiceRolePolicyForBackup");
  for (const one of ofType("ecs/taskDefinition:TaskDefinition")) {
    const { taskRoleArn, executionRoleArn } = one.inputs;
    trusted(one, taskRoleArn, "ecs-tasks.amazonaws.com");
    checkManaged(one, executionRoleArn, "ecs-tasks.amazonaws.com", "AmazonECSTaskExecutionRolePolicy");
  }
  for (const one of ofType("lambda/function:Function")) {
    const place = one.inputs["vpcConfig"] ? "VPCAccess" : "Basic";
    checkManaged(one, one.inputs["role"], "lambda.amazonaws.com", `AWSLambda${place}ExecutionRole`);
  }
  for (const one of ofType("codedeploy/deploymentGroup:DeploymentGroup"))
    for (const { inputs } of ofType("lambda/alias:Alias")) {
      const alias = owner("lambda/function:Function", inputs["functionName"])!.outputs.find(isLambda)!;
      const actions = ["lambda:GetAlias", "lambda:UpdateAlias"];
      checkRole(one, one.inputs["serviceRoleArn"], "codedeploy.amazonaws.com", actions, `${alias}:${inputs["name"]}`);
    }
  for (const one of ofType("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"))
    for (const group of one.inputs["logDestinationConfigs"])
      checkPolicy(one, logPolicies, "delivery.logs.amazonaws.com", writing, `${group}:any`);
  for (const one of ofType("cloudwatch/logDelivery:LogDelivery")) {
    const to = owner("cloudwatch/logDeliveryDestination:LogDeliveryDestination", one.inputs["deliveryDestinationArn"])!;
    const group = to.inputs["deliveryDestinationConfiguration"].destinationResourceArn;
    checkPolicy(one, logPolicies, "delivery.logs.amazonaws.com", writing, `${group}:any`);
  }
  for (const one of ofType("apigatewayv2/stage:Stage")) {
    const group = one.inputs["accessLogSettings"].destinationArn as string;
    // API Gateway adds groups below this name to the account's policy itself; each other one makes that policy longer, and its
    // length is limited (API Gateway guide, "Customize HTTP API access logs").
    if (!group.includes(":log-group:/aws/vendedlogs/"))
      checkPolicy(one, logPolicies, "delivery.logs.amazonaws.com", writing, `${group}:any`);
  }
  for (const type of ["cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm"])
    for (const one of ofType(type))
      checkTopics(one, "cloudwatch.amazonaws.com", [
        ...(one.inputs["alarmActions"] ?? []),
        ...(one.inputs["okActions"] ?? []),
      ]);
  for (const one of ofType("budgets/budget:Budget"))
    checkTopics(
      one,
      "budgets.amazonaws.com",
      one.inputs["notifications"].flatMap((each: Inputs) => each["subscriberSnsTopicArns"]),
    );
  for (const one of ofType("backup/vaultNotifications:VaultNotifications"))
    checkTopics(one, "backup.amazonaws.com", [one.inputs["snsTopicArn"]]);
  for (const one of ofType("cognito/userPool:UserPool")) {
    if (!one.inputs["emailConfiguration"]?.sourceArn) continue;
    const verified = ofType("ses/domainIdentityVerification:DomainIdentityVerification");
    if (!verified.some((each) => one.waitsFor(each))) fail(one, "does not wait until SES has verified the sender");
  }
  return [...new Set(problems)];
};

const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const statementsOf = (policy: string | { Statement: Statement[] }): Statement[] =>
  policy ? list((typeof policy === "string" ? JSON.parse(policy) : policy).Statement) : [];

/** Whether a pattern of a policy, with `*`, matches. */
const isLike = (value: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(value);

const lists = (patterns: string | string[] | undefined, value: string) =>
  list(patterns).some((one) => isLike(value, one));

const isFor = ({ Principal }: Statement, service: string): boolean =>
  Principal !== undefined && Principal !== "*" && list(Principal.Service).includes(service);

const allows = ({ Effect, Action, Resource }: Statement, action: string, resource: string): boolean =>
  Effect === "Allow" &&
  lists(Action, action) &&
  (lists(Resource, resource) || (resource === "*" && Resource !== undefined));

const conditions = ({ Condition = {} }: Statement, key: string): string[] =>
  Object.values(Condition).flatMap((one) => list(one[key]));

/** Whether the conditions on the source's account and ARN, if the statement has them, allow this source. */
const isFrom = (statement: Statement, source: string | undefined): boolean => {
  const accounts = conditions(statement, "aws:SourceAccount");
  const patterns = conditions(statement, "aws:SourceArn");
  return (
    (accounts.length === 0 || accounts.includes(account)) &&
    (patterns.length === 0 || (source !== undefined && patterns.some((one) => isLike(source, one))))
  );
};

/** Whether a condition on the service that uses a key, if the statement has one, names S3 in the key's region. */
const isThroughService = (statement: Statement, resource: string): boolean => {
  const services = conditions(statement, "kms:ViaService");
  return services.length === 0 || services.includes(`s3.${resource.split(":")[3]}.amazonaws.com`);
};

const isLambda = (output: string): boolean => output.startsWith("arn:aws:lambda:");

/** A function's name, with its alias, from a name or an ARN. */
const functionOf = (name: string): string => name.split(":function:").at(-1)!;
