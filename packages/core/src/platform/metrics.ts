/**
 * Our metrics in CloudWatch. A time series costs 0.30 USD a month, so the dimensions are the stage and these classes only (M-4…M-8);
 * method, path, tenant and query are fields of the log line, which Logs Insights reads (stacks/queries.ts).
 */

/** Datadog shows the namespace as the prefix `resolve.` (M-11). */
export const metricNamespace = "Resolve";

/** Routes of the API by class; `wait` are those whose caller may wait, `message` is the work of queues and rules. */
export const routeClasses = [
  "search",
  "answer",
  "document-read",
  "document-write",
  "read",
  "write",
  "system",
  "wait",
] as const;
export type RouteClass = (typeof routeClasses)[number];
export const statusClasses = ["2xx", "3xx", "4xx", "5xx"] as const;
export type StatusClass = (typeof statusClasses)[number];

/** The values of each dimension but the stage. */
export const dimensionValues = {
  route: [...routeClasses, "message"],
  status: statusClasses,
  outcome: ["ok", "failed"],
} as const;
type Dimension = keyof typeof dimensionValues;

/** A duration is in milliseconds; counts and shares have no unit, which keeps the lines short. */
type Metric = { unit?: "Milliseconds"; dimensions: readonly Dimension[] };

/** Metrics that the wide events carry. CloudWatch takes at most 100 values of a metric from one line. */
export const embeddedMetrics = {
  "http.request.duration": { unit: "Milliseconds", dimensions: ["route", "status"] },
  "db.query.duration": { unit: "Milliseconds", dimensions: ["route"] },
  "db.query.count": { dimensions: ["route"] },
  "cache.hit": { dimensions: [] },
  "cache.miss": { dimensions: [] },
  // 1 for each hit and 0 for each miss: the average is the ratio.
  "cache.hit.ratio": { dimensions: [] },
  "cache.operation.duration": { unit: "Milliseconds", dimensions: [] },
  "document.processing.time": { unit: "Milliseconds", dimensions: ["outcome"] },
} as const satisfies Record<string, Metric>;
export type EmbeddedMetric = keyof typeof embeddedMetrics;

/** The metrics of a stage that the wide events can create. */
export const embeddedSeries = (): string[] =>
  Object.entries(embeddedMetrics).flatMap(([name, { dimensions }]) =>
    (dimensions as readonly Dimension[]).reduce(
      (series, dimension) =>
        series.flatMap((one) => dimensionValues[dimension].map((value) => `${one} ${dimension}=${value}`)),
      [name],
    ),
  );
