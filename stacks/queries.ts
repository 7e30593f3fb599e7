/// <reference path="../.sst/platform/config.d.ts" />

/**
 * Saved queries of Logs Insights for what no dimension of a metric contains: method, path, tenant, one request, one trace. The
 * lines are those of `packages/core/src/platform/wide-event.ts`.
 */
export const savedQueries = {
  "requests by path": `filter message = "request"
| stats count() as requests, pct(durationMs, 50) as p50, pct(durationMs, 95) as p95, sum(statusCode >= 500) as failed by method, path
| sort requests desc`,
  "requests by tenant": `filter message = "request"
| stats count() as requests, pct(durationMs, 95) as p95, sum(statusCode >= 500) as failed, sum(statusCode = 429) as limited, sum(dbMs) as databaseMs by tenantId
| sort requests desc`,
  "failed requests": `filter message = "request" and statusCode >= 500
| fields @timestamp, requestId, tenantId, method, path, problem, durationMs, dbMs, traceId
| sort @timestamp desc | limit 200`,
  "denied requests": `filter message = "request" and statusCode in [401, 403, 429]
| stats count() as requests by statusCode, problem, tenantId, actor, path
| sort requests desc | limit 100`,
  "slow requests": `filter message = "request" and durationMs > 200
| fields @timestamp, requestId, tenantId, method, path, durationMs, dbMs, dbCalls, isCold, traceId
| sort durationMs desc | limit 200`,
  "database by path": `filter dbCalls > 0
| stats sum(dbMs) as totalMs, avg(dbMs) as averageMs, avg(dbCalls) as transactions by coalesce(path, queue) as work
| sort totalMs desc`,
  "messages by queue": `filter message = "message"
| stats count() as messages, pct(queueWaitMs, 95) as waitP95, pct(durationMs, 95) as p95, sum(outcome = "failed") as failed, max(receives) as receives by queue
| sort messages desc`,
  "cold starts": `filter isCold
| stats count() as starts, pct(durationMs, 95) as p95 by coalesce(path, queue) as work, version
| sort starts desc`,
  "one request": `filter requestId = "PUT THE ID OF THE REQUEST HERE"
| sort @timestamp | limit 200`,
  "one trace": `filter traceId = "PUT THE ID OF THE TRACE HERE"
| fields @timestamp, message, method, path, queue, outcome, statusCode, durationMs, queueWaitMs, spanId, parentId
| sort @timestamp | limit 200`,
} as const;

/** Over these log groups, at most 50. */
export const createQueries = (logGroupNames: $util.Input<string>[]): void => {
  for (const [name, queryString] of Object.entries(savedQueries))
    new aws.cloudwatch.QueryDefinition(`Query${name.replace(/(?:^| )(\w)/g, (_, letter) => letter.toUpperCase())}`, {
      name: `resolve/${$app.stage}/${name}`,
      queryString,
      logGroupNames,
    });
};
