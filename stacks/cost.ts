import type { QueueSpec } from "../packages/functions/src/topology.ts";
import { hoursPerMonth, prices, reservedShare } from "./prices.ts";
import type { Stage } from "./stage.ts";

/**
 * What a stage costs a month, from its evaluated resources. `fixed` is charged while the resources exist. `idle` is what
 * schedules and pollers use without a single customer. `reservable` is the part of `fixed` that a reserved database
 * instance makes cheaper.
 */
export type Cost = { groups: Record<Group, number>; fixed: number; idle: number; reservable: number };
type Group = (typeof groups)[number];
const groups = [
  "database",
  "RDS Proxy",
  "network",
  "cache",
  "tasks and warm instances",
  "alarms and metrics",
  "keys and secrets",
  "firewall",
] as const;

// biome-ignore lint/suspicious/noExplicitAny: each provider type has its own inputs, which the tests check.
type Inputs = Record<string, any>;
type Resource = { type: string; name: string; inputs: Inputs };
type Charge = { group: Group; usd: number; reservable?: number };
type Charges = (inputs: Inputs, all: readonly Resource[]) => Charge[];

const usd = (name: keyof typeof prices): number => prices[name].usd;

/** @throws Error for a class without a price. */
const hourly = (name: string): number => {
  if (!Object.hasOwn(prices, name)) throw new Error(`stacks/prices.ts has no price for ${name}`);
  // It is a key of `prices`.
  return usd(name as keyof typeof prices) * hoursPerMonth;
};

/** Below 400 GB, 3,000 IOPS are included in gp3, then 12,000 (RDS guide, "gp3 storage"). */
const includedIops = (storageGb: number): number => (storageGb < 400 ? 3_000 : 12_000);
/** vCPU by size. RDS Proxy is billed for at least two. */
const vcpus: Record<string, number> = { small: 2, large: 2, xlarge: 4, "2xlarge": 8 };

const ofInstance: Charges = (one, all) => {
  // A replica has the storage of its source.
  const source = one["replicateSourceDb"]
    ? all.find(({ type, inputs }) => type.endsWith(":Instance") && inputs["identifier"] === one["replicateSourceDb"])
    : undefined;
  const storageGb: number = one["allocatedStorage"] ?? source?.inputs["allocatedStorage"];
  const zones = one["multiAz"] ? 2 : 1;
  const instance = hourly(one["instanceClass"]) * zones;
  const iops = Math.max(0, (one["iops"] ?? 0) - includedIops(storageGb));
  const storage = (storageGb * usd("databaseStorage") + iops * usd("databaseIops")) * zones;
  return [{ group: "database", usd: instance + storage, reservable: instance }];
};

const ofProxy: Charges = (_, all) => {
  const { inputs } = all.find(({ type, name }) => type === "aws:rds/instance:Instance" && name === "Database")!;
  const size = String(inputs["instanceClass"]).split(".").at(-1)!;
  return [{ group: "RDS Proxy", usd: hourly("databaseProxy") * vcpus[size]! }];
};

const ofAlarm: Charges = (one) => {
  const metrics = one["metricQueries"]?.filter((query: Inputs) => query["metric"]).length ?? 1;
  return [{ group: "alarms and metrics", usd: metrics * usd("alarmMetric") }];
};

const ofService: Charges = ({ desiredCount }, all) => {
  const task = all.find(({ type }) => type.endsWith(":TaskDefinition"))!.inputs;
  const size = (Number(task["cpu"]) / 1024) * hourly("fargateVcpu") + (task["memory"] / 1024) * hourly("fargateMemory");
  return [{ group: "tasks and warm instances", usd: desiredCount * size }];
};

const ofWarm: Charges = ({ functionName, provisionedConcurrentExecutions }, all) => {
  const name = functionName.$secret ?? functionName;
  const { memorySize } = all.find(({ inputs, type }) => type.endsWith(":Function") && inputs["name"] === name)!.inputs;
  const seconds = hoursPerMonth * 3600 * provisionedConcurrentExecutions;
  return [{ group: "tasks and warm instances", usd: seconds * (memorySize / 1024) * usd("warmLambda") }];
};

const ofCache: Charges = ({ nodeType, numCacheClusters }) => [
  { group: "cache", usd: hourly(nodeType) * numCacheClusters },
];

const each =
  (group: Group, amount: number): Charges =>
  () => [{ group, usd: amount }];

/** Types that are charged while they exist. */
const charged: Record<string, Charges> = {
  "rds/instance:Instance": ofInstance,
  "rds/proxy:Proxy": ofProxy,
  "ec2/natGateway:NatGateway": each("network", hourly("natGateway")),
  "ec2/eip:Eip": each("network", hourly("publicAddress")),
  "ec2/instance:Instance": ({ instanceType, rootBlockDevice }) => [
    {
      group: "network",
      // The address is public.
      usd: hourly(`ec2.${instanceType}`) + hourly("publicAddress") + rootBlockDevice["volumeSize"] * usd("ebsStorage"),
    },
  ],
  "elasticache/replicationGroup:ReplicationGroup": ofCache,
  "ecs/service:Service": ofService,
  "lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ofWarm,
  "cloudwatch/metricAlarm:MetricAlarm": ofAlarm,
  "cloudwatch/compositeAlarm:CompositeAlarm": each("alarms and metrics", usd("compositeAlarm")),
  "cloudwatch/dashboard:Dashboard": each("alarms and metrics", usd("dashboard")),
  "cloudwatch/logMetricFilter:LogMetricFilter": each("alarms and metrics", usd("metric")),
  "kms/key:Key": each("keys and secrets", usd("key")),
  "kms/replicaKey:ReplicaKey": each("keys and secrets", usd("key")),
  "secretsmanager/secret:Secret": each("keys and secrets", usd("secret")),
  "wafv2/webAcl:WebAcl": ({ rules }) => [{ group: "firewall", usd: usd("webAcl") + rules.length * usd("webAclRule") }],
};

/** Services whose types are free or charged by use, and single types of the services above that are free. */
const free: readonly RegExp[] = [
  /^(apigatewayv2|appautoscaling|backup|budgets|cloudfront|codedeploy|cognito|iam|acm|route53|scheduler|schemas|ses|sesv2)\//,
  /^(s3|sns|sqs|ssm|vpc)\//,
  /^ec2\/(vpc|subnet|routeTable|routeTableAssociation|route|internetGateway|securityGroup|vpcEndpoint|flowLog):/,
  /^ecs\/(cluster|clusterCapacityProviders|taskDefinition):/,
  /^lambda\/(function|alias|permission|invocation|eventSourceMapping|functionEventInvokeConfig):/,
  /^cloudwatch\/(event\w+|log(?!MetricFilter)\w+):/,
  /^rds\/(parameterGroup|subnetGroup|proxyTarget|proxyDefaultTargetGroup|instanceAutomatedBackupsReplication):/,
  /^elasticache\/(parameterGroup|subnetGroup):/,
  /^secretsmanager\/secret(Rotation|Version|Policy):/,
  /^servicediscovery\//,
  /^wafv2\/webAclLoggingConfiguration:/,
];

/** @throws Error for a type that is neither in `charged` nor in `free`. */
export const costOf = (resources: readonly Resource[], idle: number): Cost => {
  const charges = resources
    .filter(({ type }) => type.startsWith("aws:"))
    .flatMap(({ type, inputs }) => {
      const name = type.slice("aws:".length);
      const charge = charged[name];
      if (charge) return charge(inputs, resources);
      if (free.some((one) => one.test(name))) return [];
      throw new Error(`stacks/cost.ts has no price for ${name}: add it to \`charged\` or to \`free\``);
    });
  const sum = (some: Charge[], of: (one: Charge) => number) => some.reduce((total, one) => total + of(one), 0);
  const inGroup = (group: Group) =>
    sum(
      charges.filter((one) => one.group === group),
      (one) => one.usd,
    );
  return {
    // `groups` are the keys.
    groups: Object.fromEntries(groups.map((group) => [group, inGroup(group)])) as Record<Group, number>,
    fixed: sum(charges, (one) => one.usd),
    idle,
    reservable: sum(charges, (one) => one.reservable ?? 0),
  };
};

/** Fixed costs when the database instances are reserved for a year. */
export const reserved = ({ fixed, reservable }: Cost): number => fixed - reservable * (1 - reservedShare);

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
export const idleCost = ({ polling }: Stage, queues: readonly Pick<QueueSpec, "fifo">[]): number => {
  const relay = Math.max(polling.relaySeconds, passSeconds);
  const sweep = polling.sweepsPerMinute * passSeconds + (polling.sweepsPerMinute - 1) * 30;
  const lambda = minutesPerMonth * ((relay + sweep) * pollerGb * usd("lambdaDuration") + 2 * usd("lambdaRequest"));
  const polls = queues.map(({ fifo }) => pollsPerMonth * usd(fifo ? "sqsFifoRequest" : "sqsRequest"));
  return lambda + polls.reduce((total, one) => total + one, 0) + logsGb * usd("logIngestion");
};
