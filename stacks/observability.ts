/// <reference path="../.sst/platform/config.d.ts" />
import { type FunctionName, schedules } from "../packages/functions/src/topology.ts";
import { type Alarms, minutes } from "./alarms.ts";
import type { Api } from "./api.ts";
import { createDashboard } from "./dashboard.ts";
import type { Database } from "./database.ts";
import { logGroupOf, type Tasks } from "./jobs.ts";
import { fromLogs, metricNamespace as namespace, pascal } from "./names.ts";
import type { DeadLetters, Functions, Queues, RequestMetrics } from "./parts.ts";
import { createQueries } from "./queries.ts";
import { createMonitors, measureRequests, shareTraces, watchRequests } from "./requests.ts";
import { budgetUnderDevUsd, type Stage } from "./stage.ts";
import { watchFirewall } from "./waf.ts";

type Parts = {
  stage: Stage;
  alarms: Alarms;
  api: Api;
  hasFirewall: boolean;
  database: Database;
  functions: Functions;
  queues: Queues;
  deadLetters: DeadLetters;
  tasks: Tasks;
};

/** Metrics, alarms and the dashboard. Nobody is on call for a stage with `alarms: "release"`. */
export const observe = (parts: Parts): RequestMetrics => {
  const metrics = measureRequests(parts.api, parts.stage);
  watchCosts(parts);
  if (parts.stage.alarms === "release") return metrics;
  watchRequests(parts.alarms, metrics);
  if (parts.hasFirewall) watchFirewall(parts.alarms, parts.stage);
  watchQueues(parts);
  watchFunctions(parts);
  watchDatabase(parts);
  watchSearch(parts);
  watchSweep(parts);
  createMonitors(parts.stage);
  shareTraces(parts.stage);
  createDashboard(parts, metrics);
  if (!$dev)
    createQueries([
      ...Object.values(parts.functions).map(logGroupOfFunction),
      logGroupOf(parts.tasks["vector-worker"]),
    ]);
  return metrics;
};

/** Under `sst dev` a function has none. */
const logGroupOfFunction = ({ nodes }: sst.aws.Function) => nodes.logGroup.apply((group) => group!.name);

const watchQueues = ({ alarms, queues, deadLetters }: Parts): void => {
  const watchDead = (name: string, dead: sst.aws.Queue, what: string) =>
    alarms.alarm(`${pascal(name)}DeadLetters`, {
      summary: `${name}: ${what} is in the dead-letter queue.`,
      runbook: "dead-letters",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: 1,
      dimensions: { QueueName: dead.nodes.queue.name },
    });
  for (const [name, dead] of Object.entries(deadLetters)) watchDead(name, dead, "an event");
  for (const [name, { queue, dead, spec }] of Object.entries(queues)) {
    watchDead(name, dead, "a message");
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
  if (proxy) watchProxy(alarms, proxy);
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

const watchProxy = (alarms: Alarms, proxy: aws.rds.Proxy): void => {
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
      // With few connections, one that is pinned for a moment is already a large share.
      { id: "share", expression: "IF(pinned >= 3, pinned / open, 0)", returnData: true },
      connections("pinned", "DatabaseConnectionsCurrentlySessionPinned"),
      connections("open", "DatabaseConnections"),
    ],
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0.05,
  });
};

/** The vector worker compares each index with an exact search every night and logs the result. */
const watchSearch = ({ alarms, tasks }: Parts): void => {
  if ($dev) return;
  const name = "search.recall.low";
  new aws.cloudwatch.LogMetricFilter("SearchRecall", {
    logGroupName: logGroupOf(tasks["vector-worker"]),
    pattern: '{ $.message = "recall has fallen" }',
    metricTransformation: { namespace, name, value: "1", unit: "Count", dimensions: fromLogs },
  });
  alarms.alarm("SearchRecall", {
    summary: "A tenant's vector index finds less than 95 % of what an exact search finds.",
    runbook: "search-recall",
    namespace,
    metricName: name,
    dimensions: { stage: $app.stage },
    statistic: "Sum",
    threshold: 1,
  });
};

/** The sweep logs each row that it could not handle, and at the end of each run how much work is parked. */
const watchSweep = ({ alarms, functions }: Parts): void => {
  if ($dev) return;
  const logGroupName = logGroupOfFunction(functions.sweep);
  const count = (resource: string, name: string, message: string) =>
    new aws.cloudwatch.LogMetricFilter(resource, {
      logGroupName,
      pattern: `{ $.message = "${message}" }`,
      metricTransformation: { namespace, name, value: "1", unit: "Count", dimensions: fromLogs },
    });
  count("SweepErrors", "sweep.row.failed", "sweep row failed");
  count("ParkedWork", "work.parked", "work is parked");
  count("WebhooksLate", "webhooks.late", "webhook deliveries are late");
  alarms.alarm("WebhooksLate", {
    summary: "Webhook attempts have been due for five minutes, and none of their endpoint is under way.",
    runbook: "webhooks-late",
    namespace,
    metricName: "webhooks.late",
    dimensions: { stage: $app.stage },
    statistic: "Sum",
    period: minutes(5),
    threshold: 3,
  });
  alarms.alarm("ParkedWork", {
    summary: "Work failed so often that it waits for an operator.",
    runbook: "parked-work",
    namespace,
    metricName: "work.parked",
    dimensions: { stage: $app.stage },
    statistic: "Sum",
    period: minutes(5),
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
    limitAmount: String($dev ? budgetUnderDevUsd : stage.budgetUsd),
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: [`user:stage$${$app.stage}`] }],
    notifications: [notice("ACTUAL", 80), notice("FORECASTED", 100)],
  });
};
