import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { embeddedSeries } from "../packages/core/src/platform/metrics.ts";
import { prices } from "../packages/core/src/usage/prices.ts";
import { functions, objectives, queues, rules } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { paths, promisedShare } from "./promises.ts";
import { savedQueries } from "./queries.ts";
import { evaluated, type Inputs, root } from "./testing/evaluation.ts";

const production = evaluated("production");
const alarm = (name: string) => production.one("cloudwatch/metricAlarm:MetricAlarm", name);
const composites = production.all("cloudwatch/compositeAlarm:CompositeAlarm");
const filters = [...production.all("cloudwatch/logMetricFilter:LogMetricFilter").values()];
const emitted = filters.map((one) => one["metricTransformation"].name);

describe("alarms", () => {
  it("T-7 every alarm with an action names an existing runbook", () => {
    const telling = [...production.all("cloudwatch/metricAlarm:MetricAlarm"), ...composites].filter(([, one]) =>
      one["alarmActions"].some((arn: string) => arn.includes("Alarms")),
    );
    expect(telling.length).toBeGreaterThan(Object.keys(queues).length * 2);
    for (const [name, one] of telling) {
      const [page] = /docs\/[\w/-]+\.md/.exec(one["alarmDescription"]) ?? [];
      expect(page, name).toBeDefined();
      expect(existsSync(join(root, page!)), `${name}: ${page}`).toBe(true);
    }
  });

  it("the services that send alarms may use the topic and its key", () => {
    const policy = JSON.parse(production.one("kms/key:Key", "AlarmsKey")["policy"]);
    const [, senders] = policy.Statement;
    expect(senders.Principal.Service).toContain("cloudwatch.amazonaws.com");
    expect(production.one("sns/topic:Topic", "Alarms")["kmsMasterKeyId"]).toContain("AlarmsKey");
  });

  it("every queue has an alarm for dead letters and for the age of its oldest message", () => {
    for (const name of Object.keys(queues).map(pascal)) {
      const dead = alarm(`${name}DeadLetters`);
      expect(dead).toMatchObject({ threshold: 1, metricName: "ApproximateNumberOfMessagesVisible" });
      expect(dead["dimensions"].QueueName).toBe(production.one("sqs/queue:Queue", `${name}DlqQueue`)["name"]);
      expect(alarm(`${name}Age`)["dimensions"].QueueName).toBe(
        production.one("sqs/queue:Queue", `${name}QueueQueue`)["name"],
      );
    }
  });

  it("every dead-letter queue has an alarm", () => {
    const watched = [...production.all("cloudwatch/metricAlarm:MetricAlarm").values()]
      .filter((one) => one["metricName"] === "ApproximateNumberOfMessagesVisible" && one["alarmActions"].length > 0)
      .map((one) => one["dimensions"]?.QueueName);
    const dead = [...production.all("sqs/queue:Queue")].filter(([name]) => name.endsWith("DlqQueue"));
    expect(dead.length).toBe(Object.keys(queues).length + Object.keys(rules).length);
    for (const [name, queue] of dead) expect(watched, name).toContain(queue["name"]);
  });

  it("metrics from logs of two stages share no series, and a stage's alarms watch its own", () => {
    const stages = ["production", "production-lean", "staging"] as const;
    const series = stages.flatMap((stage) => {
      const evaluation = evaluated(stage);
      const { format } = evaluation.one("apigatewayv2/stage:Stage", "HttpApiStage")["accessLogSettings"];
      expect(format).toContain(`"stage":"${stage}"`);
      for (const [name, { environment }] of evaluation.all("lambda/function:Function"))
        expect(environment.variables["RESOLVE_STAGE"], name).toBe(stage);
      for (const [name, task] of evaluation.all("ecs/taskDefinition:TaskDefinition"))
        expect(JSON.parse(task["containerDefinitions"])[0].environment, name).toContainEqual({
          name: "RESOLVE_STAGE",
          value: stage,
        });
      for (const [name, one] of evaluation.all("cloudwatch/metricAlarm:MetricAlarm"))
        for (const { namespace, dimensions } of [
          one,
          ...(one["metricQueries"] ?? []).map(({ metric }: Inputs) => metric ?? {}),
        ])
          if (namespace === "Resolve") expect(dimensions, name).toEqual({ stage });
      return [...evaluation.all("cloudwatch/logMetricFilter:LogMetricFilter").values()].map((filter) => {
        const { namespace, name, dimensions } = filter["metricTransformation"];
        expect(dimensions, name).toEqual({ stage: "$.stage" });
        return `${namespace} ${name} ${JSON.stringify(dimensions).replace("$.stage", stage)}`;
      });
    });
    expect(series.length).toBeGreaterThan(20);
    expect(new Set(series).size).toBe(series.length);
  });

  it("M-1 T-10 T-11 every function has alarms for errors and throttles", () => {
    for (const name of Object.keys(functions).map(pascal))
      for (const kind of ["Errors", "Throttles"])
        expect(alarm(`${name}${kind}`)).toMatchObject({
          metricName: kind,
          dimensions: { FunctionName: production.one("lambda/function:Function", `${name}Function`)["name"] },
        });
  });

  it("F-15 a nightly function triggers its alarm with a single failure", () => {
    for (const name of ["CheckSearchErrors", "MaintainPartitionsErrors"])
      expect(alarm(name), name).toMatchObject({ evaluationPeriods: 1, threshold: 1 });
    expect(alarm("RelayErrors")).toMatchObject({ evaluationPeriods: 4, datapointsToAlarm: 3 });
  });

  it("a vector index with low recall triggers an alarm", () => {
    const filter = filters.find((one) => one["metricTransformation"].name === "search.recall.low")!;
    expect(filter).toMatchObject({ logGroupName: "/ecs/resolve-app", pattern: '{ $.message = "recall has fallen" }' });
    expect(alarm("SearchRecall")).toMatchObject({
      metricName: "search.recall.low",
      namespace: "Resolve",
      threshold: 1,
    });
  });

  it("H1 rows that the sweep could not handle are counted, and parked work triggers an alarm", () => {
    for (const [message, name] of [
      ["sweep row failed", "sweep.row.failed"],
      ["work is parked", "work.parked"],
    ]) {
      const filter = filters.find((one) => one["metricTransformation"].name === name)!;
      expect(filter["pattern"]).toBe(`{ $.message = "${message}" }`);
      expect(filter["logGroupName"]).toContain("Sweep");
      const sources = ["packages/core/src/platform/sweep.ts", "packages/core/src/platform/parked-work.ts"];
      expect(
        sources.some((file) => readFileSync(file, "utf8").includes(`"${message}"`)),
        message,
      ).toBe(true);
    }
    expect(alarm("ParkedWork")).toMatchObject({ metricName: "work.parked", namespace: "Resolve", threshold: 1 });
    expect(alarm("WebhooksLate")).toMatchObject({ metricName: "webhooks.late", namespace: "Resolve", threshold: 3 });
  });

  it("M-9 more than ten failed requests in five minutes trigger an alarm", () => {
    expect(alarm("HighErrorRate")).toMatchObject({
      metricName: "http.error.5xx",
      statistic: "Sum",
      period: 300,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 10,
    });
  });

  it("M-10 an average above 500 ms over five minutes triggers an alarm", () => {
    expect(alarm("SlowResponseTime")).toMatchObject({
      metricName: "http.request.duration",
      statistic: "Average",
      period: 300,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 500,
    });
  });

  it("F-28 M-4 M-5 M-11 every watched metric is emitted, from fields that the access log contains", () => {
    expect(emitted).toEqual(expect.arrayContaining(["http.request.count", "http.request.duration", "http.error.5xx"]));
    const watched = [...production.all("cloudwatch/metricAlarm:MetricAlarm").values()].flatMap((one) => [
      one,
      ...(one["metricQueries"] ?? []).flatMap(({ metric }: Inputs) => metric ?? []),
    ]);
    for (const { namespace, metricName } of watched) if (namespace === "Resolve") expect(emitted).toContain(metricName);
    const { format } = production.one("apigatewayv2/stage:Stage", "HttpApiStage")["accessLogSettings"];
    // Filled in as API Gateway does; numbers must stay numbers.
    const line = JSON.parse(format.replace(/:\$context\.\w+/g, ":12").replace(/"\$context[\w.]+"/g, '"x"'));
    // Other filters read what the product's code logs.
    for (const { pattern, metricTransformation } of filters)
      if (!pattern.includes("$.message"))
        for (const [, field] of `${pattern} ${metricTransformation.value}`.matchAll(/\$\.(\w+)/g))
          expect(line, pattern).toHaveProperty(field!);
    expect(line).toMatchObject({ status: 12, responseLatency: 12 });
  });

  it("the access log is valid JSON when a request reached no integration and API Gateway writes a hyphen", () => {
    const { format } = production.one("apigatewayv2/stage:Stage", "HttpApiStage")["accessLogSettings"];
    // Only status and duration are always present.
    const present: Record<string, string> = { status: "429", responseLatency: "3" };
    const line = format.replace(/\$context\.([\w.]+)/g, (_: string, name: string) => present[name] ?? "-");
    expect(JSON.parse(line)).toMatchObject({ status: 429, responseLatency: 3, integrationLatency: "-", routeKey: "-" });
  });

  it("P-1 P-2 F-29 F-57 error budgets of 0.05 % failed and 5 % slow requests have alarms on two burn rates, with two windows each", () => {
    const thresholds = (name: string) =>
      ["60m", "5m", "360m", "30m"].map((window) => alarm(`${name}Burn${window}`)["threshold"]);
    expect(thresholds("Availability")).toEqual([0.0072, 0.0072, 0.003, 0.003]);
    expect(thresholds("Latency")).toEqual([0.72, 0.72, 0.3, 0.3]);
    expect(alarm("LatencyBurn5m")["metricQueries"].map(({ metric }: Inputs) => metric?.metricName)).toEqual([
      undefined,
      "http.request.slow",
      "http.request.prompt",
    ]);
    const slow = filters.find((one) => one["metricTransformation"].name === "http.request.slow")!;
    expect(slow["pattern"]).toContain("$.responseLatency > 200");
    for (const name of ["Availability", "Latency"])
      for (const rate of [14.4, 6])
        expect(composites.get(`${name}Burn${rate}`)!["alarmRule"].match(/ALARM\("/g), name).toHaveLength(2);
  });

  it("F-57 the services below a request promise less together than the objective, and production has what each promise requires", () => {
    // 0.999 × 0.9995 × 0.9995 × 0.9995 × 0.9999 × 0.9995
    expect(promisedShare(paths["a request of any class"])).toBeCloseTo(0.9969, 4);
    expect(promisedShare(paths["a request of any class"])).toBeLessThan(objectives.availability.target);
    expect(production.one("rds/instance:Instance", "Database")["multiAz"]).toBe(true);
    expect(production.all("ec2/natGateway:NatGateway").size).toBe(2);
  });

  it("S-6 many requests that are answered with 401, 403 or 429 trigger an alarm", () => {
    const filter = filters.find((one) => one["metricTransformation"].name === "http.request.denied")!;
    expect(filter["pattern"]).toBe("{ $.status = 401 || $.status = 403 || $.status = 429 }");
    const denied = alarm("DeniedRequests");
    expect(denied).toMatchObject({ threshold: 0.1, comparisonOperator: "GreaterThanOrEqualToThreshold" });
    expect(denied["metricQueries"].map(({ expression, metric }: Inputs) => expression ?? metric.metricName)).toEqual([
      "IF(denied >= 300, denied / all, 0)",
      "http.request.denied",
      "http.request.count",
    ]);
  });

  it("F-10 pinned connections and replica lag trigger alarms", () => {
    const pinned = alarm("PinnedConnections");
    expect(pinned).toMatchObject({ threshold: 0.05, comparisonOperator: "GreaterThanThreshold" });
    expect(pinned["metricQueries"][0].expression).toBe("IF(pinned >= 3, pinned / open, 0)");
    expect(pinned["metricQueries"].map(({ metric }: Inputs) => metric?.metricName)).toEqual([
      undefined,
      "DatabaseConnectionsCurrentlySessionPinned",
      "DatabaseConnections",
    ]);
    for (const evaluation of [production, evaluated("production-domain")]) {
      const replicas = evaluation.all("rds/instance:Instance").has("ReadReplica");
      expect(evaluation.all("cloudwatch/metricAlarm:MetricAlarm").has("ReplicaLag")).toBe(replicas);
    }
  });

  it("B-16 T-9 T-11 the monthly budget is 2,500 USD and notifies the alarm topic", () => {
    const budget = production.one("budgets/budget:Budget", "MonthlyBudget");
    expect(budget).toMatchObject({ limitAmount: "2500", limitUnit: "USD", timeUnit: "MONTHLY" });
    expect(budget["costFilters"]).toEqual([{ name: "TagKeyValue", values: ["user:stage$production"] }]);
    for (const { subscriberSnsTopicArns } of budget["notifications"]) expect(subscriberSnsTopicArns).toHaveLength(1);
  });

  it("F-67 M-2 Datadog monitors the same two metrics when a stage configures Datadog", () => {
    const monitors = evaluated("production-domain").resources.filter(
      ({ type }) => type === "datadog:index/monitor:Monitor",
    );
    expect(monitors.map(({ inputs }) => inputs["query"])).toEqual([
      "sum(last_5m):sum:resolve.http.error.5xx{stage:production}.as_count() > 10",
      "avg(last_5m):avg:resolve.http.request.duration{stage:production AND NOT route:*} > 500",
    ]);
    for (const { inputs } of monitors) {
      const name = /resolve\.([\w.]+)\{/.exec(inputs["query"])![1];
      expect(emitted).toContain(name);
      expect(existsSync(join(root, /docs\/\S+\.md/.exec(inputs["message"])![0]))).toBe(true);
    }
    expect(production.resources.filter(({ type }) => type.startsWith("datadog:"))).toEqual([]);
  });

  it("M-2 Datadog's role may read X-Ray's traces, and nothing more, when a stage names it", () => {
    const { role, policy } = evaluated("production-domain").one("iam/rolePolicy:RolePolicy", "DatadogTraces");
    expect(role).toBe("DatadogIntegrationRole");
    const Action = ["xray:BatchGetTraces", "xray:GetTraceSummaries"];
    expect(JSON.parse(policy).Statement).toEqual([{ Effect: "Allow", Action, Resource: ["*"] }]);
    expect(production.resources.filter(({ name }) => name === "DatadogTraces")).toEqual([]);
  });

  it("M-4 M-6 M-7 M-8 a stage has at most 150 of our metrics, which cost at most 45 USD a month, and each has one source", () => {
    for (const stage of ["production", "production-lean", "staging"] as const) {
      const fromLogs = [...evaluated(stage).all("cloudwatch/logMetricFilter:LogMetricFilter").values()].map(
        (one) => one["metricTransformation"].name,
      );
      const series = [...fromLogs, ...embeddedSeries()];
      expect(new Set(series).size, "one source for each series").toBe(series.length);
      expect(series.length).toBeGreaterThan(50);
      expect(series.length).toBeLessThanOrEqual(150);
      expect(series.length * prices.metric.usd).toBeLessThanOrEqual(45);
    }
  });

  it("M-4 M-7 saved queries read the logs of every function", () => {
    const queries = [...production.all("cloudwatch/queryDefinition:QueryDefinition").values()];
    const names = Object.keys(savedQueries).map((name) => `resolve/production/${name}`);
    expect(queries.map(({ name }) => name).sort()).toEqual(names.sort());
    for (const { logGroupNames } of queries) {
      expect(logGroupNames).toHaveLength(Object.keys(functions).length + 1);
      expect(logGroupNames.length).toBeLessThanOrEqual(50);
    }
  });

  it("the dashboard shows requests, queues and functions", () => {
    const { widgets } = JSON.parse(production.one("cloudwatch/dashboard:Dashboard", "Dashboard")["dashboardBody"]);
    const shown = widgets.flatMap(({ properties }: Inputs) => properties.metrics.map((one: string[]) => one[1]));
    expect(new Set(shown)).toEqual(
      new Set([
        ...["http.request.count", "http.error.4xx", "http.error.5xx", "http.request.duration"],
        ...["cache.hit.ratio", "db.query.duration", "document.processing.time"],
        ...["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"],
        ...["Errors", "Duration", "ConcurrentExecutions"],
      ]),
    );
    for (const { properties } of widgets) expect(properties.metrics.length).toBeLessThanOrEqual(500);
  });
});

describe("runbooks", () => {
  it("the index lists every page", () => {
    const index = readFileSync(join(root, "docs/runbooks/README.md"), "utf8");
    for (const [, page] of readFileSync(join(root, "stacks/alarms.ts"), "utf8").matchAll(/^ {2}\| "([\w-]+)"/gm))
      expect(index).toContain(`(${page}.md)`);
  });
});
