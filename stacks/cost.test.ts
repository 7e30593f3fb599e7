import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isTask, queues } from "../packages/functions/src/topology.ts";
import { type Cost, costOf, idleCost, reserved } from "./cost.ts";
import { loadCost, tenants } from "./load.ts";
import { priceSources, prices, pricesReadOn } from "./prices.ts";
import { stageOf } from "./stage.ts";
import { evaluated, variants } from "./testing/evaluation.ts";

const polled = Object.values(queues).filter(({ consumer }) => !isTask(consumer));
const cost = (name: keyof typeof variants): Cost =>
  costOf(evaluated(name).resources, idleCost(stageOf(variants[name].stage), polled));
const shown = ["production", "production-lean", "production-west", "staging", "developer", "developer-dev"] as const;

describe("costs", () => {
  const budget = (name: keyof typeof variants) =>
    Number(evaluated(name).one("budgets/budget:Budget", "MonthlyBudget")["limitAmount"]);

  it.each(shown)(
    "T-9 the budget of %s is at least 1.25 times its fixed cost, so that its notices mean something",
    (name) => expect(budget(name)).toBeGreaterThanOrEqual(cost(name).fixed * 1.25),
  );

  it("a developer's stage costs at most 60 USD a month when nobody uses it", () => {
    const { fixed, idle } = cost("developer");
    expect(fixed + idle).toBeLessThanOrEqual(60);
  });

  it("a stage under sst dev costs less than 25 USD a month when nobody uses it", () => {
    const { fixed, idle } = cost("developer-dev");
    expect(fixed + idle).toBeLessThan(25);
    expect(budget("developer-dev")).toBeLessThanOrEqual(25);
  });

  it("the fixed cost of production-lean is at most 800 USD a month", () => {
    expect(cost("production-lean").fixed).toBeLessThanOrEqual(800);
  });

  const perTenant = (name: keyof typeof variants) => {
    const one = cost(name);
    return (reserved(one) + one.idle + loadCost()) / tenants;
  };

  it("B-16 production costs at most 25 USD per tenant and month at 100 tenants, with reserved database instances", () => {
    expect(perTenant("production")).toBeLessThanOrEqual(25);
  });

  it("D-18 a stage has a read replica only where its cost per tenant stays within the target", () => {
    const replicated = perTenant("production-domain");
    expect(replicated).toBeGreaterThan(perTenant("production"));
    if (stageOf("production").database.readReplica) expect(replicated).toBeLessThanOrEqual(25);
  });

  it("the page's table has the costs of the evaluated resources", () => {
    const file = join(import.meta.dirname, "testing", "expected", "costs.json");
    const table = Object.fromEntries(shown.map((name) => [name, { ...cost(name), reserved: reserved(cost(name)) }]));
    const text = `${JSON.stringify(table, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value), 2)}\n`;
    if (process.env["UPDATE_LISTINGS"]) writeFileSync(file, text);
    expect(text, "after a change, run `npm run infra:accept` and `npm run generate`").toBe(readFileSync(file, "utf8"));
  });

  it("a resource without a price is refused", () => {
    const replicated = [{ type: "aws:dynamodb/table:Table", name: "Table", inputs: {} }];
    expect(() => costOf(replicated, 0)).toThrow("no price for dynamodb/table:Table");
    const bigger = { type: "aws:rds/instance:Instance", name: "Database", inputs: { instanceClass: "db.x2g.large" } };
    expect(() => costOf([bigger], 0)).toThrow("no price for db.x2g.large");
  });

  it("metrics of an alarm, rules of a firewall, zones and nodes are counted", () => {
    const { groups } = cost("production");
    const metrics = [...evaluated("production").all("cloudwatch/metricAlarm:MetricAlarm").values()].map(
      (one) => one["metricQueries"]?.filter((query: object) => "metric" in query).length ?? 1,
    );
    expect(metrics.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(metrics.length);
    expect(groups.database).toBeCloseTo(2 * (730 * 0.899 + 500 * 0.115), 2);
    expect(groups["RDS Proxy"]).toBeCloseTo(730 * 8 * 0.015, 2);
    expect(cost("production-options").groups.cache).toBeCloseTo(2 * 730 * 0.411, 2);
  });

  it("each price has a page of AWS, and the day on which it was read is not older than a year", () => {
    for (const { source } of Object.values(prices)) expect(priceSources[source]).toMatch(/^https:\/\//);
    const ageDays = (Date.now() - Date.parse(pricesReadOn)) / 86_400_000;
    expect(ageDays, "compare stacks/prices.ts with the price pages").toBeLessThan(365);
  });
});
