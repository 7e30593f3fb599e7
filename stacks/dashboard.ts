/// <reference path="../.sst/platform/config.d.ts" />
import { dimensionValues, type EmbeddedMetric, slowMs } from "../packages/functions/src/topology.ts";
import { metricNamespace } from "./names.ts";
import type { Functions, Queues, RequestMetric, RequestMetrics } from "./parts.ts";

/** One dashboard: requests, queues and functions. */
export const createDashboard = (
  { functions, queues }: { functions: Functions; queues: Queues },
  metrics: RequestMetrics,
): void => {
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
    "stage",
    metrics[kind].dimensions.stage,
    { stat, label: stat.startsWith("p") ? `${metrics[kind].metricName} ${stat}` : metrics[kind].metricName },
  ];
  new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: `resolve-${$app.stage}`,
    dashboardBody: names.apply(({ region, functions, queues, dead }) => {
      const of = (service: string, metric: string, dimension: string, stat: string, ids: string[]) =>
        ids.map((id) => [`AWS/${service}`, metric, dimension, id, { stat }]);
      const own = (name: EmbeddedMetric, stat: string, more: string[] = []) => [
        ...[metricNamespace, name, "stage", $app.stage, ...more],
        { stat },
      ];
      const ofRoutes = (name: EmbeddedMetric, stat: string, status = "2xx") =>
        dimensionValues.route
          .filter((route) => name !== "http.request.duration" || route !== "message")
          .map((route) =>
            own(name, stat, name === "http.request.duration" ? ["route", route, "status", status] : ["route", route]),
          );
      const widgets = [
        {
          title: "Requests",
          metrics: ["count", "refusals", "errors"].map((kind) => request(kind as RequestMetric, "Sum")),
        },
        { title: "Response time, ms", metrics: ["p50", "p95", "p99"].map((stat) => request("duration", stat)) },
        { title: "Response time by route, p95, ms", metrics: ofRoutes("http.request.duration", "p95") },
        // A percentile rank: the share of values up to the limit (CloudWatch guide, "Statistics definitions").
        {
          title: `Requests within ${slowMs} ms by route, %`,
          metrics: ofRoutes("http.request.duration", `PR(:${slowMs})`),
        },
        { title: "Failed requests by route", metrics: ofRoutes("http.request.duration", "SampleCount", "5xx") },
        { title: "Time in the database by route, ms", metrics: ofRoutes("db.query.duration", "Average") },
        { title: "Share of cache hits", metrics: [own("cache.hit.ratio", "Average")] },
        { title: "Processing of a document, ms", metrics: [own("document.processing.time", "p95", ["outcome", "ok"])] },
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
