// Pulumi's mock monitor for evaluations: what AWS would compute, and a record of every resource.
import { createRequire } from "node:module";
import { join } from "node:path";
import { autoName, identityOf, nameOf, nameProblem, short } from "./names.mjs";

// All imports must come from the platform's directory: two instances of @pulumi/pulumi do not recognise each other's
// outputs.
export const require = createRequire(join(import.meta.dirname, "..", "..", ".sst", "platform", "evaluate.js"));
export const account = "123456789012";
/** The evaluated stage. */
export const stage = { region: "us-east-1" };

/** Pulumi's mock monitor: records each resource and returns the outputs that AWS would compute. */
export function recorder(deployment) {
  const resources = [];
  const requests = new Map();
  const registered = new Set();
  const identities = new Map();
  // Mocks receive neither dependencies nor ignoreChanges; the request has both.
  const observe = (monitor) => {
    const register = monitor.registerResource;
    monitor.registerResource = (request, callback) => {
      registered.add(`${request.getType()} ${request.getName()}`);
      const dependencies = request.getDependenciesList().map(resourceOf).sort();
      requests.set(`${request.getType()} ${request.getName()}`, {
        waitsFor: dependencies.map((one) => one.split(" ")[1]),
        dependencies,
        ignoreChanges: request.getIgnorechangesList(),
      });
      return register.call(monitor, request, callback);
    };
  };
  const newResource = ({ type, name, inputs, id: givenId, custom }) => {
    // An empty id counts as unknown, and Pulumi silently skips everything that depends on it.
    const id = givenId || idOf(type, name);
    const named = nameOf(type, name, inputs);
    const physical = named?.value ?? inputs.name ?? inputs.bucket ?? autoName(type, name);
    const identity = identityOf(type, name, inputs, stage.region);
    const problem =
      nameProblem(type, name, inputs) ??
      (identities.get(identity) && `${name} has the name of ${identities.get(identity)}: ${physical}.`);
    if (problem) throw new Error(problem);
    if (identity) identities.set(identity, name);
    const at = inputs.region ?? stage.region;
    const outputs = { arn: arnOf(type, physical, at), name: physical, id, ...computed(type, id, physical, inputs, at) };
    const state = {
      ...outputs,
      ...inputs,
      id,
      ...computed(type, id, physical, inputs, at),
      ...(type === "aws:lambda/function:Function" ? { version: String(deployment) } : {}),
    };
    const { __provider, ...plain } = inputs;
    // Components only group resources. Links and secrets are recorded, because tests read them.
    if (custom || ["sst:sst:LinkRef", "sst:sst:Secret"].includes(type))
      resources.push({
        type,
        name,
        inputs: reveal(plain),
        ...requests.get(`${type} ${name}`),
        ...(named ? { named } : {}),
        outputs: textsOf({ ...outputs, name: named?.value, region: undefined }),
      });
    return { id, state };
  };
  return {
    resources,
    registered,
    observe,
    mocks: { newResource, call: ({ token, inputs }) => invokes[token]?.(inputs) ?? inputs },
  };
}

const textsOf = (outputs) => [...new Set(Object.values(outputs).filter((value) => typeof value === "string"))];

/** `type name` of a URN such as urn:pulumi:stage::app::sst:aws:Queue$aws:sqs/queue:Queue::Name. */
const resourceOf = (urn) => {
  const [, , types, name] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`;
};

const idOf = (type, name) =>
  // AWS's models require that a user pool's id begins with its region; other ids have no format.
  type === "aws:cognito/userPool:UserPool" ? `${stage.region}_${name}${short(type + name)}` : autoName(type, name);

const arnOf = (type, name, region) => {
  const [service, kind] = type.split(":")[1]?.split("/") ?? [];
  const arn = arns[`${service}/${kind}`] ?? arns[service] ?? `${service}:REGION:ACCOUNT:${kind}/`;
  return `arn:aws:${arn.replace("REGION", region).replace("ACCOUNT", account)}${name}`;
};

/** ARNs up to the name, by type or by service. */
const arns = {
  "s3/bucket": "s3:::",
  "iam/role": "iam::ACCOUNT:role/",
  iam: "iam::ACCOUNT:policy/",
  "lambda/function": "lambda:REGION:ACCOUNT:function:",
  lambda: "lambda:REGION:ACCOUNT:function:",
  "cloudwatch/eventBus": "events:REGION:ACCOUNT:event-bus/",
  "cloudwatch/eventRule": "events:REGION:ACCOUNT:rule/",
  "cloudwatch/logGroup": "logs:REGION:ACCOUNT:log-group:",
  "cloudwatch/metricAlarm": "cloudwatch:REGION:ACCOUNT:alarm:",
  "backup/vault": "backup:REGION:ACCOUNT:backup-vault:",
  "rds/instance": "rds:REGION:ACCOUNT:db:",
  "secretsmanager/secret": "secretsmanager:REGION:ACCOUNT:secret:",
  sqs: "sqs:REGION:ACCOUNT:",
  sns: "sns:REGION:ACCOUNT:",
  "cognito/userPool": "cognito-idp:REGION:ACCOUNT:userpool/",
  kms: "kms:REGION:ACCOUNT:key/",
};

const computed = (type, id, physical, inputs, region) => {
  const apiHost = `${id.toLowerCase()}.execute-api.${region}.amazonaws.com`;
  const outputs = {
    "aws:s3/bucket:Bucket": {
      bucket: physical,
      bucketRegionalDomainName: `${physical}.s3.${region}.amazonaws.com`,
      region,
    },
    "aws:sqs/queue:Queue": { url: `https://sqs.${region}.amazonaws.com/${account}/${physical}` },
    "aws:apigatewayv2/api:Api": {
      apiEndpoint: `https://${apiHost}`,
      executionArn: `arn:aws:execute-api:${region}:${account}:${id}`,
    },
    "aws:apigatewayv2/stage:Stage": { invokeUrl: `https://${apiHost}/` },
    "aws:apigatewayv2/domainName:DomainName": {
      domainNameConfiguration: {
        ...inputs.domainNameConfiguration,
        targetDomainName: `d-${short(id)}.execute-api.${region}.amazonaws.com`,
        hostedZoneId: "Z1UJRXOUMOOFQ8",
      },
    },
    "aws:lambda/alias:Alias": {
      arn: `arn:aws:lambda:${region}:${account}:function:${open(inputs.functionName)}:${inputs.name}`,
    },
    "aws:acm/certificate:Certificate": {
      domainValidationOptions: [
        {
          domainName: inputs.domainName,
          resourceRecordName: `_validation.${inputs.domainName}`,
          resourceRecordType: "CNAME",
          resourceRecordValue: "validation.acm-validations.aws",
        },
      ],
    },
    "aws:cloudfront/distribution:Distribution": {
      domainName: `${short(id)}.cloudfront.net`,
      hostedZoneId: "Z2FDTNDATAQYW2",
      etag: short(id),
    },
    // SST's own resources: the zone of a domain, and whether a distribution is deployed.
    "pulumi-nodejs:dynamic:Resource": { zoneId: "Z0EVALUATION", isDone: true },
    "aws:rds/instance:Instance": { address: `${inputs.identifier}.rds.example`, resourceId: `db-${short(id)}` },
    "aws:ec2/instance:Instance": { primaryNetworkInterfaceId: `eni-${short(id)}` },
    // The only target group of a proxy that RDS supports.
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": { name: "default" },
    "aws:rds/proxy:Proxy": { endpoint: `${physical}.proxy.example` },
    // A new value is a new version.
    "aws:secretsmanager/secretVersion:SecretVersion": { versionId: short(id + JSON.stringify(inputs.secretString)) },
    "random:index/randomPassword:RandomPassword": { result: short(id).repeat(6) },
    "random:index/randomBytes:RandomBytes": { base64: Buffer.from(short(id).repeat(4)).toString("base64") },
    "random:index/randomId:RandomId": { dec: String(Number.parseInt(short(id), 16)), hex: short(id) },
  };
  return outputs[type] ?? {};
};

const invokes = {
  "aws:index/getRegion:getRegion": () => ({ region: stage.region, name: stage.region, id: stage.region }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/evaluation`,
    userId: "evaluation",
    id: account,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ excludeZoneIds = [] }) => {
    const zones = Object.entries(zoneIds[stage.region]).filter(([, id]) => !excludeZoneIds.includes(id));
    return { names: zones.map(([name]) => name), zoneIds: zones.map(([, id]) => id), id: stage.region };
  },
  "aws:ec2/getAmi:getAmi": (inputs) => ({ ...inputs, id: "ami-evaluation" }),
  // The note that `keepCopies` of the lost stage would have written.
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ name, value: JSON.stringify(recoveryNote), id: name }),
  // Renders the real policy, so that tests can simulate it. SST adds a policy only when the call returns the
  // statements.
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => {
    const json = JSON.stringify({ Version: "2012-10-17", Statement: (inputs.statements ?? []).map(renderStatement) });
    return { ...inputs, json, minifiedJson: json, id: short(json) };
  },
};

/** Zone letters differ by account. In this account the first letter of us-east-1 is use1-az3. */
export const zoneIds = {
  "us-east-1": { "us-east-1a": "use1-az3", "us-east-1b": "use1-az1", "us-east-1c": "use1-az2" },
  "us-west-2": { "us-west-2a": "usw2-az2", "us-west-2b": "usw2-az1", "us-west-2c": "usw2-az3" },
};

export const recoveryNote = {
  databaseBackupsArn: `arn:aws:rds:us-west-2:${account}:auto-backup:ab-lost`,
  documents: { name: "replica", arn: "arn:aws:s3:::replica", keyArn: `arn:aws:kms:us-west-2:${account}:key/replica` },
  tenantKeyArn: `arn:aws:kms:us-west-2:${account}:key/mrk-tenants`,
  pepper: "pepper-of-the-stage-that-was-lost",
  originVerify: ["newest", "last"].map((one) => `${one}-value-of-the-cloudfront-of-the-stage-that-was-lost`),
};

const renderStatement = ({ sid, effect = "Allow", actions, resources, principals, conditions }) => ({
  ...(sid ? { Sid: sid } : {}),
  Effect: effect.charAt(0).toUpperCase() + effect.slice(1),
  Action: actions,
  ...(resources ? { Resource: resources } : {}),
  ...(principals ? { Principal: renderPrincipals(principals) } : {}),
  ...(conditions ? { Condition: renderConditions(conditions) } : {}),
});

const renderPrincipals = (principals) =>
  principals.some(({ type }) => type === "*")
    ? "*"
    : Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers]));

const renderConditions = (conditions) => {
  const rendered = {};
  for (const { test, variable, values } of conditions) {
    rendered[test] ??= {};
    rendered[test][variable] = values;
  }
  return rendered;
};

/** Replaces Pulumi's envelope of a secret value by `$secret`, so that tests can see that the value was secret. */
const envelope = "4dabf18193072939515e22adb298388d";
const open = (value) => (value?.[envelope] ? value.value : value);
const reveal = (value) => {
  if (Array.isArray(value)) return value.map(reveal);
  if (value === null || typeof value !== "object") return value;
  if (envelope in value && "value" in value) return { $secret: reveal(value.value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
};
