import { type Bill, type Service, usd } from "../packages/core/src/usage/items.ts";
import { hourly } from "./cost.ts";
import { type Assumptions, requestsOf } from "./load.ts";

/** The blueprint's cost sheet: USD a month for 100 tenants, and its total with instances reserved for a year (B-1…B-15). */
export const blueprintSheet: { row: string; service: Service; usd: number; usdMax?: number; why: string }[] = [
  {
    row: "B-1",
    service: "Fargate",
    usd: 300,
    usdMax: 1_500,
    why: "3 to 20 tasks of 2 vCPU. Ours are the vector workers only; the API runs in Lambda.",
  },
  { row: "B-2", service: "Lambda", usd: 50, why: "Ours also answers the requests, with five warm instances." },
  {
    row: "B-3",
    service: "RDS instances",
    usd: 650,
    why: "650 USD is one zone. Multi-AZ is twice that, and the diagram's read replica is a third instance.",
  },
  { row: "B-4", service: "S3", usd: 150, why: "Few originals are downloaded. Their copies are below." },
  { row: "B-5", service: "RDS storage", usd: 100, why: "Fargate has no volumes, so these are the database's: 500 GB." },
  { row: "B-6", service: "API Gateway", usd: 25, why: "API Gateway bills requests instead of hours." },
  { row: "B-7", service: "CloudFront", usd: 100, why: "Requests cost more than data." },
  { row: "B-8", service: "network", usd: 200, why: "NAT gateways, and data between zones and through NAT." },
  {
    row: "B-9",
    service: "Redis",
    usd: 140,
    why: "140 USD is less than a quarter of two cache.r6g.xlarge. Ours pays Upstash by command.",
  },
  {
    row: "B-10",
    service: "CloudWatch",
    usd: 50,
    why: "Mostly logs of requests; ours adds metrics, alarms and traces.",
  },
  {
    row: "B-11",
    service: "Datadog",
    usd: 300,
    why: "The blueprint's figure: Datadog's prices are contracts. Its metrics have the tags tenant, path and status, of which each combination is billed. Ours is optional.",
  },
  { row: "B-12", service: "WAF", usd: 25, why: "0.60 USD per million requests in addition to the rules." },
  { row: "B-12", service: "secrets and keys", usd: 10, why: "Ours has a secret for each login, and keys of its own." },
  {
    row: "B-12",
    service: "Cognito",
    usd: 50,
    why: "Users are billed each; those of identity providers cost three times as much.",
  },
  { row: "B-13", service: "SQS and EventBridge", usd: 20, why: "Three calls for each message, and empty polls." },
];
export const blueprintReservedUsd = 1_519;
/** The blueprint multiplies everything by this, also what cannot be reserved. */
export const blueprintDiscount = 0.7;

/** ALBRequestCountPerTarget of the blueprint's autoscaling, and its tasks. */
const [requestsPerTaskMinute, tasksMin, tasksMax] = [1_000, 3, 20];
const [taskVcpus, taskGb, workers] = [2, 4, 2];
const [hours, officeHours, peakHours] = [730, 176, 22];
export const writtenDatabase = { instanceClass: "db.r6g.2xlarge", storageGb: 500, iops: 12_000, multiAz: true };

/** Requests per second that its largest number of tasks takes by its own rule (F-45). */
export const writtenRequestsPerSecondMax = (tasksMax * requestsPerTaskMinute) / 60;

/** The blueprint's rule of autoscaling, with more than its 20 tasks only where their processors are not enough. */
const tasksFor = (requestsPerSecond: number, { apiCpuMs }: Assumptions): number => {
  const byCpu = (requestsPerSecond * apiCpuMs) / 1000 / 0.7 / taskVcpus;
  const byRule = (requestsPerSecond * 60) / requestsPerTaskMinute;
  return Math.max(tasksMin, Math.min(byRule, tasksMax), byCpu);
};

/** Resources of the blueprint, apart from the database's size and from what use adds. */
export const writtenBill = (tenants: number, peakPerSecond: number, a: Assumptions): Bill => {
  const officePerSecond = requestsOf(tenants, a) / officeHours / 3600;
  const taskHours =
    tasksMin * (hours - officeHours) +
    tasksFor(officePerSecond, a) * (officeHours - peakHours) +
    tasksFor(peakPerSecond, a) * peakHours +
    workers * hours;
  return {
    Fargate: taskHours * (taskVcpus * usd("fargateVcpuX86") + taskGb * usd("fargateMemoryX86")),
    // Two capacity units: 25 new connections a second and 1 GB an hour each.
    "API Gateway": hourly("loadBalancer") + 2 * hourly("loadBalancerUnit"),
    // Addresses of the gateways and of the load balancer.
    network: 2 * hourly("natGateway") + 4 * hourly("publicAddress"),
    Redis: 2 * hourly("cache.r6g.xlarge"),
    // Eight alarms and a dashboard.
    CloudWatch: 8 * usd("alarmMetric") + usd("dashboard"),
    Datadog: 300,
    WAF: usd("webAcl") + 4 * usd("webAclRule"),
    "secrets and keys": 4 * usd("secret") + 3 * usd("key"),
  };
};
