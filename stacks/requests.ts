/// <reference path="../.sst/platform/config.d.ts" />
import { objectives, slowMs } from "../packages/functions/src/topology.ts";
import { type Alarms, minutes } from "./alarms.ts";
import type { Api } from "./api.ts";
import { fromLogs, mapValues, metricNamespace as namespace, pascal } from "./names.ts";
import type { RequestMetric, RequestMetrics } from "./parts.ts";
import type { Stage } from "./stage.ts";

/**
 * The blueprint's metric names (M-4, M-5, F-28), counted from API Gateway's access log, which shows what the caller
 * received, also when a function died. Their only dimension is the stage; `http.request.duration` by route and status is measured by
 * the API itself (packages/core/src/platform/metrics.ts), and is another series.
 */
const requestMetrics = {
  count: { name: "http.request.count", pattern: "{ $.status = * }", value: "1" },
  errors: { name: "http.error.5xx", pattern: "{ $.status >= 500 }", value: "1" },
  refusals: { name: "http.error.4xx", pattern: "{ $.status >= 400 && $.status < 500 }", value: "1" },
  denied: {
    name: "http.request.denied",
    pattern: "{ $.status = 401 || $.status = 403 || $.status = 429 }",
    value: "1",
  },
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
    pattern: `{ $.routeKey = "ANY /api/{proxy+}" && $.responseLatency > ${slowMs} }`,
    value: "1",
  },
} as const;
type Measured = { name: string; pattern: string; value: string; unit?: string };

/** With `alarms: "release"`, only what the alarms of a release watch is counted. */
export const measureRequests = (api: Api, { alarms }: Stage): RequestMetrics =>
  mapValues<RequestMetric, Measured, RequestMetrics[RequestMetric]>(requestMetrics, (measured, kind) => {
    const { name, pattern, value, unit = "Count" } = measured;
    if (alarms === "release" && kind !== "errors")
      return { namespace, metricName: name, dimensions: { stage: $app.stage } };
    new aws.cloudwatch.LogMetricFilter(`Requests${pascal(kind)}`, {
      logGroupName: api.nodes.logGroup.name,
      pattern,
      metricTransformation: { namespace, name, value, unit, dimensions: fromLogs },
    });
    return { namespace, metricName: name, dimensions: { stage: $app.stage } };
  });

const hours = (count: number): number => minutes(count * 60);

/**
 * Burn rates: 14.4 uses up 2 % of a month's error budget in one hour, 6 uses up 5 % in six hours (Google, SRE Workbook,
 * ch. 5).
 */
const burns = [
  { rate: 14.4, long: hours(1), short: minutes(5) },
  { rate: 6, long: hours(6), short: minutes(30) },
] as const;
/** What the caller received; the API itself counts the same for `GET /v1/platform/slo` (docs/observability.md). */
const watched = [
  { name: "Availability", bad: "errors", all: "count", target: objectives.availability.target, runbook: "api-errors" },
  { name: "Latency", bad: "slow", all: "prompt", target: objectives.latency.target, runbook: "api-slow" },
] as const;

export const watchRequests = (alarms: Alarms, metrics: RequestMetrics): void => {
  const sum = (id: string, kind: RequestMetric, period: number) => ({
    id,
    metric: { ...metrics[kind], period, stat: "Sum" },
  });
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
  alarms.alarm("DeniedRequests", {
    summary: "At least 300 requests in five minutes, and a tenth of all, were answered with 401, 403 or 429 (S-6).",
    runbook: "denied-requests",
    metricQueries: [
      // At night, a few requests of one client are a large share.
      { id: "share", expression: "IF(denied >= 300, denied / all, 0)", returnData: true },
      sum("denied", "denied", minutes(5)),
      sum("all", "count", minutes(5)),
    ],
    threshold: 0.1,
  });
  for (const { name, bad, all, target, runbook } of watched)
    for (const { rate, long, short } of burns) {
      const window = (period: number) =>
        alarms.alarm(`${name}Burn${period / 60}m`, {
          summary: `${name} uses up its error budget ${rate} times too fast over ${period / 60} minutes.`,
          runbook,
          metricQueries: [
            { id: "share", expression: "bad / all", returnData: true },
            sum("bad", bad, period),
            sum("all", all, period),
          ],
          comparisonOperator: "GreaterThanThreshold",
          // Rounded, since 1 - 0.9995 is not 0.0005 exactly.
          threshold: Number((rate * (1 - target)).toFixed(6)),
          alarmActions: [],
          okActions: [],
        });
      alarms.composite(`${name}Burn${rate}`, {
        summary: `${name}: the month's error budget is used up ${rate} times too fast, over ${long / 3600} h and still in the last ${short / 60} min.`,
        runbook,
        all: [window(long), window(short)],
      });
    }
};

/** The two permissions that Datadog's integration of X-Ray asks for, beside those of its role. X-Ray has no resources to name. */
export const shareTraces = ({ datadog: settings }: Stage): void => {
  if (!settings?.role) return;
  const actions = ["xray:BatchGetTraces", "xray:GetTraceSummaries"];
  new aws.iam.RolePolicy("DatadogTraces", {
    role: settings.role,
    policy: aws.iam.getPolicyDocumentOutput({ statements: [{ actions, resources: ["*"] }] }).json,
  });
};

/** M-9 and M-10 as Datadog monitors (M-2). Datadog reads the CloudWatch namespace `Resolve` as `resolve.` (M-11). */
export const createMonitors = ({ datadog: settings }: Stage): void => {
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
  // Of the access log's series, which has no route: the others are in it.
  monitor("SlowResponseTimeMonitor", {
    name: "Slow Response Time",
    priority: "2",
    query: `avg(last_5m):avg:resolve.${requestMetrics.duration.name}{stage:${$app.stage} AND NOT route:*} > 500`,
    message: "Requests took more than 500 ms on average over five minutes. See docs/runbooks/api-slow.md.",
  });
};
