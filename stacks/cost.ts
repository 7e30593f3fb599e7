import { add, type Bill, type PriceName, type Service, usd } from "../packages/core/src/usage/items.ts";
import { hoursPerMonth, prices, reservedShare } from "../packages/core/src/usage/prices.ts";
import type { QueueSpec } from "../packages/functions/src/topology.ts";
import type { Stage } from "./stage.ts";

/**
 * What a stage costs a month, from its evaluated resources. `fixed` is charged while the resources exist. `idle` is what
 * schedules and pollers use without a single customer.
 */
export type Cost = { fixed: Bill; idle: Bill };

// biome-ignore lint/suspicious/noExplicitAny: each provider type has its own inputs, which the tests check.
type Inputs = Record<string, any>;
type Resource = { type: string; name: string; inputs: Inputs };
type Charges = (inputs: Inputs, all: readonly Resource[]) => Bill;

/** @throws Error for a class without a price. */
export const hourly = (name: string): number => {
  if (!Object.hasOwn(prices, name)) throw new Error(`packages/core/src/usage/prices.ts has no price for ${name}`);
  // It is a key of `prices`.
  return usd(name as PriceName) * hoursPerMonth;
};

/** Below 400 GB, 3,000 IOPS are included in gp3, then 12,000 (RDS guide, "gp3 storage"). */
export const includedIops = (storageGb: number): number => (storageGb < 400 ? 3_000 : 12_000);
/** vCPU by size. RDS Proxy is billed for at least two. */
export const vcpusOf = (instanceClass: string): number => {
  const [, count] = /\.(\d*)xlarge$/.exec(instanceClass) ?? [];
  return count === undefined ? 2 : 4 * Number(count || 1);
};

export type Instance = { instanceClass: string; storageGb: number; iops?: number | undefined; multiAz: boolean };

export const instanceBill = ({ instanceClass, storageGb, iops = 0, multiAz }: Instance): Bill => {
  const zones = multiAz ? 2 : 1;
  const paidIops = Math.max(0, iops - includedIops(storageGb));
  return {
    "RDS instances": hourly(instanceClass) * zones,
    "RDS storage": (storageGb * usd("databaseStorage") + paidIops * usd("databaseIops")) * zones,
  };
};

export const proxyBill = (instanceClass: string): Bill => ({
  "RDS Proxy": hourly("databaseProxy") * vcpusOf(instanceClass),
});

const ofInstance: Charges = (one, all) => {
  // A replica has the storage of its source.
  const source = one["replicateSourceDb"]
    ? all.find(({ type, inputs }) => type.endsWith(":Instance") && inputs["identifier"] === one["replicateSourceDb"])
    : undefined;
  return instanceBill({
    instanceClass: one["instanceClass"],
    storageGb: one["allocatedStorage"] ?? source?.inputs["allocatedStorage"],
    iops: one["iops"],
    multiAz: one["multiAz"],
  });
};

const ofProxy: Charges = (_, all) =>
  proxyBill(
    all.find(({ type, name }) => type === "aws:rds/instance:Instance" && name === "Database")!.inputs["instanceClass"],
  );

const ofAlarm: Charges = (one) => {
  const metrics = one["metricQueries"]?.filter((query: Inputs) => query["metric"]).length ?? 1;
  return { CloudWatch: metrics * usd("alarmMetric") };
};

const ofService: Charges = ({ desiredCount }, all) => {
  const task = all.find(({ type }) => type.endsWith(":TaskDefinition"))!.inputs;
  const size = (Number(task["cpu"]) / 1024) * hourly("fargateVcpu") + (task["memory"] / 1024) * hourly("fargateMemory");
  return { Fargate: desiredCount * size };
};

const ofWarm: Charges = ({ functionName, provisionedConcurrentExecutions }, all) => {
  const name = functionName.$secret ?? functionName;
  const { memorySize } = all.find(({ inputs, type }) => type.endsWith(":Function") && inputs["name"] === name)!.inputs;
  const seconds = hoursPerMonth * 3600 * provisionedConcurrentExecutions;
  return { Lambda: seconds * (memorySize / 1024) * usd("warmLambda") };
};

const ofCache: Charges = ({ nodeType, numCacheClusters }) => ({ Redis: hourly(nodeType) * numCacheClusters });

const each =
  (service: Service, amount: number): Charges =>
  () => ({ [service]: amount });

/** Types that are charged while they exist. */
const charged: Record<string, Charges> = {
  "rds/instance:Instance": ofInstance,
  "rds/proxy:Proxy": ofProxy,
  "ec2/natGateway:NatGateway": each("network", hourly("natGateway")),
  "ec2/eip:Eip": each("network", hourly("publicAddress")),
  "ec2/instance:Instance": ({ instanceType, rootBlockDevice }) => ({
    // The address is public.
    network:
      hourly(`ec2.${instanceType}`) + hourly("publicAddress") + rootBlockDevice["volumeSize"] * usd("ebsStorage"),
  }),
  "elasticache/replicationGroup:ReplicationGroup": ofCache,
  "ecs/service:Service": ofService,
  "lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ofWarm,
  "cloudwatch/metricAlarm:MetricAlarm": ofAlarm,
  "cloudwatch/compositeAlarm:CompositeAlarm": each("CloudWatch", usd("compositeAlarm")),
  "cloudwatch/dashboard:Dashboard": each("CloudWatch", usd("dashboard")),
  "cloudwatch/logMetricFilter:LogMetricFilter": each("CloudWatch", usd("metric")),
  "kms/key:Key": each("secrets and keys", usd("key")),
  "kms/replicaKey:ReplicaKey": each("secrets and keys", usd("key")),
  "secretsmanager/secret:Secret": each("secrets and keys", usd("secret")),
  "wafv2/webAcl:WebAcl": ({ rules }) => ({ WAF: usd("webAcl") + rules.length * usd("webAclRule") }),
};

/** Services whose types are free or charged by use, and single types of the services above that are free. */
const free: readonly RegExp[] = [
  /^(apigatewayv2|appautoscaling|backup|budgets|cloudfront|codedeploy|cognito|iam|acm|route53|scheduler|schemas|ses|sesv2)\//,
  /^(s3|sns|sqs|ssm|vpc)\//,
  /^ec2\/(vpc|subnet|routeTable|routeTableAssociation|route|internetGateway|securityGroup|vpcEndpoint|flowLog):/,
  /^ecs\/(cluster|clusterCapacityProviders|taskDefinition):/,
  /^lambda\/(function|alias|permission|invocation|eventSourceMapping|functionEventInvokeConfig):/,
  /^cloudwatch\/(event\w+|log(?!MetricFilter)\w+|queryDefinition):/,
  /^rds\/(parameterGroup|subnetGroup|proxyTarget|proxyDefaultTargetGroup|instanceAutomatedBackupsReplication):/,
  /^elasticache\/(parameterGroup|subnetGroup):/,
  /^secretsmanager\/secret(Rotation|Version|Policy):/,
  /^servicediscovery\//,
  /^wafv2\/webAclLoggingConfiguration:/,
];

/** @throws Error for a type that is neither in `charged` nor in `free`. */
export const fixedCost = (resources: readonly Resource[]): Bill =>
  add(
    ...resources
      .filter(({ type }) => type.startsWith("aws:"))
      .map(({ type, inputs }) => {
        const name = type.slice("aws:".length);
        const charge = charged[name];
        if (charge) return charge(inputs, resources);
        if (free.some((one) => one.test(name))) return {};
        throw new Error(`stacks/cost.ts has no price for ${name}: add it to \`charged\` or to \`free\``);
      }),
  );

/** A bill when the database instances are reserved for a year. Nothing else of it can be reserved. */
export const reserved = (bill: Bill): Bill => {
  const instances = bill["RDS instances"];
  return instances === undefined ? bill : { ...bill, "RDS instances": instances * reservedShare };
};

const minutesPerMonth = hoursPerMonth * 60;
/** One pass without work takes less than this. An assumption until the first month shows `Duration`. */
const passSeconds = 1;
/** Memory of `relay` and `sweep`. */
const pollerGb = 0.25;
/** Lambda keeps five long polls of 20 s open for an idle queue (Lambda guide, "SQS event source"). */
const pollsPerMonth = (5 * minutesPerMonth * 60) / 20;
/**
 * GB of logs: three lines of Lambda's own, together about 1 kB, for each run of a poller, and enhanced monitoring of
 * RDS every minute, about 0.3 GB (assumption).
 */
const logsGb = (2 * minutesPerMonth * 1e3) / 1e9 + 0.3;

/** What schedules and pollers cost when nobody uses the stage. */
export const idleCost = ({ polling }: Stage, queues: readonly Pick<QueueSpec, "fifo">[]): Bill => {
  const relay = Math.max(polling.relaySeconds, passSeconds);
  const sweep = polling.sweepsPerMinute * passSeconds + (polling.sweepsPerMinute - 1) * 30;
  const polls = queues.map(({ fifo }) => pollsPerMonth * usd(fifo ? "sqsFifoRequest" : "sqsRequest"));
  return {
    Lambda: minutesPerMonth * ((relay + sweep) * pollerGb * usd("lambdaDuration") + 2 * usd("lambdaRequest")),
    "SQS and EventBridge": polls.reduce((sum, one) => sum + one, 0),
    CloudWatch: logsGb * usd("logIngestion"),
  };
};
