/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, schedules } from "../packages/functions/src/topology.ts";
import type { Alarms } from "./alarms.ts";
import type { Api } from "./api.ts";
import type { Database } from "./database.ts";
import { logGroupOf, type Tasks } from "./jobs.ts";
import { mapValues, pascal } from "./names.ts";
import type { Functions, Queues, RequestMetric, RequestMetrics } from "./parts.ts";
import type { Stage } from "./stage.ts";

type Parts = {
  stage: Stage;
  alarms: Alarms;
  api: Api;
  database: Database;
  functions: Functions;
  queues: Queues;
  tasks: Tasks;
};

/** Metrics, alarms and the dashboard. */
export const observe = (parts: Parts): RequestMetrics => {
  const metrics = measureRequests(parts.api);
  watchRequests(parts, metrics);
  watchQueues(parts);
  watchFunctions(parts);
  watchDatabase(parts);
  watchSearch(parts);
  watchCosts(parts);
  createMonitors(parts.stage);
  createDashboard(parts, metrics);
  return metrics;
};

const namespace = "Resolve";
const minutes = (count: number): number => count * 60;
const hours = (count: number): number => count * 3600;

/**
 * The blueprint's metric names (M-4, M-5, F-28), counted from API Gateway's access log, which shows what the caller
 * received.
 */
const requestMetrics = {
  count: { name: "http.request.count", pattern: "{ $.status = * }", value: "1" },
  errors: { name: "http.error.5xx", pattern: "{ $.status >= 500 }", value: "1" },
  refusals: { name: "http.error.4xx", pattern: "{ $.status >= 400 && $.status < 500 }", value: "1" },
  // Routes with `waitSeconds` are excluded: the caller asked to wait, so their duration says nothing about our speed.
  duration: {
    name: "http.request.duration",
    pattern: `{ $.routeKey = "ANY /api/{proxy+}" }`,
    value: "$.responseLatency",
    unit: "Milliseconds",
  },
  prompt: { name: "http.request.prompt", pattern: `{ $.routeKey = "ANY /api/{proxy+}" }`, value: "1" },
  slow: {
    name: "http.request.slow",
    pattern: `{ $.routeKey = "ANY /api/{proxy+}" && $.responseLatency > 200 }`,
    value: "1",
  },
} as const;
type Measured = { name: string; pattern: string; value: string; unit?: string };

const measureRequests = (api: Api): RequestMetrics =>
  mapValues<RequestMetric, Measured, RequestMetrics[RequestMetric]>(requestMetrics, (measured, kind) => {
    const { name, pattern, value, unit = "Count" } = measured;
    new aws.cloudwatch.LogMetricFilter(`Requests${pascal(kind)}`, {
      logGroupName: api.nodes.logGroup.name,
      pattern,
      metricTransformation: { namespace, name, value, unit },
    });
    return { namespace, metricName: name };
  });

/**
 * Burn rates: 14.4 uses up 2 % of a month's error budget in one hour, 6 uses up 5 % in six hours (Google, SRE Workbook,
 * ch. 5).
 */
const burns = [
  { rate: 14.4, long: hours(1), short: minutes(5) },
  { rate: 6, long: hours(6), short: minutes(30) },
] as const;
/** P-1: 99.95 % of requests succeed. P-2: 95 % of them take at most 200 ms. */
const objectives = [
  { name: "Availability", bad: "errors", all: "count", budget: 0.0005, runbook: "api-errors" },
  { name: "Latency", bad: "slow", all: "prompt", budget: 0.05, runbook: "api-slow" },
] as const;

const watchRequests = ({ alarms }: Parts, metrics: RequestMetrics): void => {
  alarms.alarm("HighErrorRate", {
    summary: "More than 10 requests failed within five minutes (M-9).",
    runbook: "api-errors",
    ...metrics.errors,
    statistic: "Sum",
    period: minutes(5),
    comparisonOperator: "GreaterThanThreshold",
    threshold: 10,
  });
  alarms.alarm("SlowResponseTime", {
    summary: "Requests took more than 500 ms on average over five minutes (M-10).",
    runbook: "api-slow",
    ...metrics.duration,
    statistic: "Average",
    period: minutes(5),
    comparisonOperator: "GreaterThanThreshold",
    threshold: 500,
  });
  for (const { name, bad, all, budget, runbook } of objectives)
    for (const { rate, long, short } of burns) {
      const window = (period: number) => {
        const sum = (id: string, metric: RequestMetrics[RequestMetric]) => ({
          id,
          metric: { ...metric, period, stat: "Sum" },
        });
        return alarms.alarm(`${name}Burn${period / 60}m`, {
          summary: `${name} uses up its error budget ${rate} times too fast over ${period / 60} minutes.`,
          runbook,
          metricQueries: [
            { id: "share", expression: "bad / all", returnData: true },
            sum("bad", metrics[bad]),
            sum("all", metrics[all]),
          ],
          comparisonOperator: "GreaterThanThreshold",
          threshold: rate * budget,
          alarmActions: [],
          okActions: [],
        });
      };
      alarms.composite(`${name}Burn${rate}`, {
        summary: `${name}: the month's error budget is used up ${rate} times too fast, over ${long / 3600} h and still in the last ${short / 60} min.`,
        runbook,
        all: [window(long), window(short)],
      });
    }
};

const watchQueues = ({ alarms, queues }: Parts): void => {
  for (const [name, { queue, dead, spec }] of Object.entries(queues)) {
    alarms.alarm(`${pascal(name)}DeadLetters`, {
      summary: `${name}: a message is in the dead-letter queue.`,
      runbook: "dead-letters",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 1,
      dimensions: { QueueName: dead.nodes.queue.name },
    });
    alarms.alarm(`${pascal(name)}Age`, {
      summary: `${name}: the oldest message has waited too long.`,
      runbook: "queue-age",
      namespace: "AWS/SQS",
      metricName: "ApproximateAgeOfOldestMessage",
      // A message whose handler fails is received again after the visibility timeout, up to maxReceiveCount times.
      threshold: spec.visibilityTimeoutSeconds * Math.min(spec.maxReceiveCount, 3) + 300,
      dimensions: { QueueName: queue.nodes.queue.name },
    });
  }
};

/** Functions of nightly schedules: a single failure triggers the alarm. */
const nightly: ReadonlySet<FunctionName> = new Set(
  Object.values(schedules)
    .filter(({ expression }) => expression.startsWith("cron"))
    .map(({ target }) => target),
);

/** Queues and schedules retry single failures, so a function's alarm needs failures in three of four periods. */
const watchFunctions = ({ alarms, functions }: Parts): void => {
  for (const [name, { nodes }] of Object.entries(functions) as [FunctionName, sst.aws.Function][]) {
    const watch = (kind: "Errors" | "Throttles", summary: string, runbook: "function-errors" | "function-throttles") =>
      alarms.alarm(`${pascal(name)}${kind}`, {
        summary: nightly.has(name)
          ? `${name} ${summary}; it runs once a night.`
          : `${name} ${summary} in three of the last four periods of five minutes.`,
        runbook,
        namespace: "AWS/Lambda",
        metricName: kind,
        statistic: "Sum",
        period: minutes(5),
        ...(nightly.has(name) ? {} : { evaluationPeriods: 4, datapointsToAlarm: 3 }),
        threshold: 1,
        dimensions: { FunctionName: nodes.function.name },
      });
    watch("Errors", "failed", "function-errors");
    watch("Throttles", "was throttled", "function-throttles");
  }
};

const watchDatabase = ({ alarms, database }: Parts): void => {
  if (!database.watched) return;
  const { proxy, replica } = database.watched;
  const connections = (id: string, metricName: string) => ({
    id,
    metric: {
      namespace: "AWS/RDS",
      metricName,
      period: minutes(5),
      stat: "Average",
      dimensions: { ProxyName: proxy.name },
    },
  });
  alarms.alarm("PinnedConnections", {
    summary: "More than 5 % of the proxy's connections are pinned to one client (F-10).",
    runbook: "pinned-connections",
    metricQueries: [
      { id: "share", expression: "pinned / open", returnData: true },
      connections("pinned", "DatabaseConnectionsCurrentlySessionPinned"),
      connections("open", "DatabaseConnections"),
    ],
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0.05,
  });
  if (replica)
    alarms.alarm("ReplicaLag", {
      summary: "The read replica is more than 30 seconds behind.",
      runbook: "replica-lag",
      namespace: "AWS/RDS",
      metricName: "ReplicaLag",
      period: minutes(5),
      threshold: 30,
      dimensions: { DBInstanceIdentifier: replica.identifier },
    });
};

/** The vector worker compares each index with an exact search every night and logs the result. */
const watchSearch = ({ alarms, tasks }: Parts): void => {
  if ($dev) return;
  const name = "search.recall.low";
  new aws.cloudwatch.LogMetricFilter("SearchRecall", {
    logGroupName: logGroupOf(tasks["vector-worker"]),
    pattern: '{ $.message = "recall has fallen" }',
    metricTransformation: { namespace, name, value: "1", unit: "Count" },
  });
  alarms.alarm("SearchRecall", {
    summary: "A tenant's vector index finds less than 95 % of what an exact search finds.",
    runbook: "search-recall",
    namespace,
    metricName: name,
    statistic: "Sum",
    threshold: 1,
  });
};

const watchCosts = ({ stage, alarms }: Parts): void => {
  const notice = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: [alarms.topic.arn],
  });
  new aws.budgets.Budget("MonthlyBudget", {
    name: `resolve-${$app.stage}`,
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(stage.budgetUsd),
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: [`user:stage$${$app.stage}`] }],
    notifications: [notice("ACTUAL", 80), notice("FORECASTED", 100)],
  });
};

/** M-9 and M-10 as Datadog monitors (M-2). Datadog reads the CloudWatch namespace `Resolve` as `resolve.` (M-11). */
const createMonitors = ({ datadog: settings }: Stage): void => {
  if (!settings) return;
  const provider = new datadog.Provider("Datadog", {
    apiUrl: `https://api.${settings.site}/`,
    apiKey: new sst.Secret("DatadogApiKey").value,
    appKey: new sst.Secret("DatadogAppKey").value,
  });
  const monitor = (name: string, args: Pick<datadog.MonitorArgs, "name" | "query" | "message" | "priority">) =>
    new datadog.Monitor(
      name,
      { type: "query alert", tags: ["service:resolve-app", `env:${$app.stage}`], ...args },
      { provider },
    );
  monitor("HighErrorRateMonitor", {
    name: "High Error Rate",
    priority: "1",
    query: `sum(last_5m):sum:resolve.${requestMetrics.errors.name}{stage:${$app.stage}}.as_count() > 10`,
    message: "More than 10 requests failed within five minutes. See docs/runbooks/api-errors.md.",
  });
  monitor("SlowResponseTimeMonitor", {
    name: "Slow Response Time",
    priority: "2",
    query: `avg(last_5m):avg:resolve.${requestMetrics.duration.name}{stage:${$app.stage}} > 500`,
    message: "Requests took more than 500 ms on average over five minutes. See docs/runbooks/api-slow.md.",
  });
};

/** One dashboard: requests, queues and functions. */
const createDashboard = ({ functions, queues }: Parts, metrics: RequestMetrics): void => {
  const region = aws.getRegionOutput().region;
  const names = $output({
    region,
    functions: Object.values(functions).map((one) => one.name),
    queues: Object.values(queues).map(({ queue }) => queue.nodes.queue.name),
    dead: Object.values(queues).map(({ dead }) => dead.nodes.queue.name),
  });
  const request = (kind: RequestMetric, stat: string) => [
    metrics[kind].namespace,
    metrics[kind].metricName,
    { stat, label: stat.startsWith("p") ? `${metrics[kind].metricName} ${stat}` : metrics[kind].metricName },
  ];
  new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: `resolve-${$app.stage}`,
    dashboardBody: names.apply(({ region, functions, queues, dead }) => {
      const of = (service: string, metric: string, dimension: string, stat: string, ids: string[]) =>
        ids.map((id) => [`AWS/${service}`, metric, dimension, id, { stat }]);
      const widgets = [
        {
          title: "Requests",
          metrics: ["count", "refusals", "errors"].map((kind) => request(kind as RequestMetric, "Sum")),
        },
        { title: "Response time, ms", metrics: ["p50", "p95", "p99"].map((stat) => request("duration", stat)) },
        {
          title: "Waiting messages",
          metrics: of("SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "Maximum", queues),
        },
        {
          title: "Oldest message, s",
          metrics: of("SQS", "ApproximateAgeOfOldestMessage", "QueueName", "Maximum", queues),
        },
        {
          title: "Dead letters",
          metrics: of("SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "Maximum", dead),
        },
        { title: "Function errors", metrics: of("Lambda", "Errors", "FunctionName", "Sum", functions) },
        { title: "Function duration, ms", metrics: of("Lambda", "Duration", "FunctionName", "p95", functions) },
        {
          title: "Concurrent executions",
          metrics: of("Lambda", "ConcurrentExecutions", "FunctionName", "Maximum", functions),
        },
      ];
      return JSON.stringify({
        widgets: widgets.map(({ title, metrics }, at) => ({
          type: "metric",
          x: (at % 2) * 12,
          y: Math.floor(at / 2) * 6,
          width: 12,
          height: 6,
          properties: { title, metrics, region, view: "timeSeries", period: 60 },
        })),
      });
    }),
  });
};
