import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { total } from "../packages/core/src/usage/items.ts";
import { priceSources, prices, pricesReadOn } from "../packages/core/src/usage/prices.ts";
import { isTask, queues } from "../packages/functions/src/topology.ts";
import { billOf, designs, perTenant, type StageCosts, sensitivityOf } from "./bill.ts";
import { type Cost, fixedCost, idleCost, instanceBill, proxyBill, reserved } from "./cost.ts";
import { type Assumptions, assumptions, assumptionTable, sharedItems } from "./load.ts";
import { optionsOf } from "./optional.ts";
import { stageOf } from "./stage.ts";
import { evaluated, variants } from "./testing/evaluation.ts";
import { blueprintDiscount, blueprintReservedUsd, blueprintSheet } from "./written.ts";

const polled = Object.values(queues).filter(({ consumer }) => !isTask(consumer));
const cost = (name: keyof typeof variants): Cost => ({
  fixed: fixedCost(evaluated(name).resources),
  idle: idleCost(stageOf(variants[name].stage), polled),
});
const fixedOf = (name: keyof typeof variants) => total(cost(name).fixed);
const idleOf = (name: keyof typeof variants) => total(cost(name).idle);
const costs = (): StageCosts => ({ production: cost("production"), "production-lean": cost("production-lean") });
/** The blueprint's number of tenants. */
const tenants = 100;
const shown = ["production", "production-lean", "production-west", "staging", "developer", "developer-dev"] as const;

describe("costs", () => {
  const budget = (name: keyof typeof variants) =>
    Number(evaluated(name).one("budgets/budget:Budget", "MonthlyBudget")["limitAmount"]);

  it.each(shown)(
    "T-9 the budget of %s is at least 1.25 times its fixed cost, so that its notices mean something",
    (name) => expect(budget(name)).toBeGreaterThanOrEqual(fixedOf(name) * 1.25),
  );

  it("a developer's stage costs at most 60 USD a month when nobody uses it", () => {
    expect(fixedOf("developer") + idleOf("developer")).toBeLessThanOrEqual(60);
  });

  it("a stage under sst dev costs less than 25 USD a month when nobody uses it", () => {
    expect(fixedOf("developer-dev") + idleOf("developer-dev")).toBeLessThan(25);
    expect(budget("developer-dev")).toBeLessThanOrEqual(25);
  });

  it("the fixed cost of production-lean is at most 800 USD a month", () => {
    expect(fixedOf("production-lean")).toBeLessThanOrEqual(800);
  });

  it("P-4 B-16 production costs at most 25 USD per tenant and month at 100 tenants, with a reserved database", () => {
    expect(perTenant("production", tenants, costs(), { isReserved: true })).toBeLessThanOrEqual(25);
  });

  it("B-16 production-lean costs at most 15 USD per tenant and month at 100 tenants, with a reserved database, for half of the blueprint's users", () => {
    const lean = (a: Assumptions) => perTenant("production-lean", tenants, costs(), { isReserved: true, a });
    expect(lean({ ...assumptions, users: assumptions.users / 2 })).toBeLessThanOrEqual(15);
    // All of them need twice the processors, and it still costs less than production.
    expect(lean(assumptions)).toBeGreaterThan(15);
    expect(lean(assumptions)).toBeLessThanOrEqual(20);
  });

  it("D-18 a stage has a read replica only where its cost per tenant stays within the target", () => {
    const replica = total(cost("production-domain").fixed) - fixedOf("production");
    const { instanceClass, storageGb, iops } = stageOf("production").database;
    expect(replica).toBeCloseTo(total(instanceBill({ instanceClass, storageGb, iops, multiAz: false })) + 0.1, 0);
    if (stageOf("production").database.readReplica)
      expect(perTenant("production", tenants, costs(), { isReserved: true }) + replica / tenants).toBeLessThanOrEqual(
        25,
      );
  });

  it("the page's table has the costs of the evaluated resources", () => {
    const file = join(import.meta.dirname, "testing", "expected", "costs.json");
    const table = Object.fromEntries(shown.map((name) => [name, cost(name)]));
    const text = `${JSON.stringify(table, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value), 2)}\n`;
    if (process.env["UPDATE_LISTINGS"]) writeFileSync(file, text);
    expect(text, "after a change, run `npm run infra:accept` and `npm run generate`").toBe(readFileSync(file, "utf8"));
  });

  it("a resource without a price is refused", () => {
    const replicated = [{ type: "aws:dynamodb/table:Table", name: "Table", inputs: {} }];
    expect(() => fixedCost(replicated)).toThrow("no price for dynamodb/table:Table");
    const bigger = { type: "aws:rds/instance:Instance", name: "Database", inputs: { instanceClass: "db.x2g.large" } };
    expect(() => fixedCost([bigger])).toThrow("no price for db.x2g.large");
  });

  it("metrics of an alarm, rules of a firewall, zones and nodes are counted", () => {
    const { fixed } = cost("production");
    const metrics = [...evaluated("production").all("cloudwatch/metricAlarm:MetricAlarm").values()].map(
      (one) => one["metricQueries"]?.filter((query: object) => "metric" in query).length ?? 1,
    );
    expect(metrics.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(metrics.length);
    expect(fixed["RDS instances"]).toBeCloseTo(2 * 730 * 0.899, 2);
    expect(fixed["RDS storage"]).toBeCloseTo(2 * 500 * 0.115, 2);
    expect(fixed["RDS Proxy"]).toBeCloseTo(730 * 8 * 0.015, 2);
    expect(cost("production-options").fixed.Redis).toBeCloseTo(2 * 730 * 0.411, 2);
  });

  it("the model prices a database as the evaluated stage has it", () => {
    for (const name of ["production", "production-lean"] as const) {
      const { database } = stageOf(name);
      expect(cost(name).fixed).toMatchObject({ ...instanceBill(database), ...proxyBill(database.instanceClass) });
    }
  });

  it("each price has a page of AWS, and the day on which it was read is not older than a year", () => {
    for (const { source } of Object.values(prices)) expect(priceSources[source]).toMatch(/^https:\/\//);
    const ageDays = (Date.now() - Date.parse(pricesReadOn)) / 86_400_000;
    expect(ageDays, "compare packages/core/src/usage/prices.ts with the price pages").toBeLessThan(365);
  });
});

describe("the blueprint's cost sheet", () => {
  const sum = (of: (line: (typeof blueprintSheet)[number]) => number) =>
    blueprintSheet.reduce((whole, line) => whole + of(line), 0);

  it("B-1 B-2 B-3 B-4 B-5 B-6 B-7 B-8 B-9 B-10 B-11 B-12 B-13 each line of the sheet is priced from the blueprint's resources, and has a reason", () => {
    const { bill } = billOf("as written", tenants, costs());
    expect(new Set(blueprintSheet.map(({ row }) => row)).size).toBe(13);
    for (const { service, why } of blueprintSheet) {
      expect(bill[service], service).toBeGreaterThan(0);
      expect(why, service).toMatch(/\.$/);
    }
    // Two zones, a replica in a third place, and two cache nodes, of the classes that the blueprint names.
    expect(bill["RDS instances"]).toBeCloseTo(3 * 730 * 0.899, 2);
    expect(bill.Redis).toBeCloseTo(2 * 730 * 0.411, 2);
  });

  it("B-14 F-43 its lines sum to 2,170 USD only with the fewest tasks, and to 3,370 with all; real prices exceed both", () => {
    expect(sum(({ usd }) => usd)).toBe(2_170);
    expect(sum(({ usd, usdMax = usd }) => usdMax)).toBe(3_370);
    expect(total(billOf("as written", tenants, costs()).bill)).toBeGreaterThan(3_370);
  });

  it("B-15 F-43 its reservation takes 30 % off everything; a reserved database saves less, and nothing else can be reserved here", () => {
    expect(sum(({ usd }) => usd) * blueprintDiscount).toBe(blueprintReservedUsd);
    for (const design of designs) {
      const { bill } = billOf(design, tenants, costs());
      const saved = total(bill) - total(reserved(bill));
      expect(saved).toBeCloseTo(bill["RDS instances"]! * 0.296, 2);
      expect(saved / total(bill)).toBeLessThan(0.3);
    }
  });

  it("F-43 the blueprint as written misses its own target, reserved or not", () => {
    for (const isReserved of [false, true])
      expect(perTenant("as written", tenants, costs(), { isReserved })).toBeGreaterThan(25);
  });

  it("three lines of a bill, computed by hand", () => {
    const { bill } = billOf("production", tenants, costs());
    const requests = 100 * 250 * 76 * 22;
    expect(bill["API Gateway"]).toBeCloseTo(requests / 1e6, 6);
    expect(bill.Cognito).toBeCloseTo(20_000 * 0.0055 + 5_000 * 0.015, 6);
    expect(bill.Redis).toBeCloseTo((requests * 2 * 0.2) / 100_000, 6);
  });

  it("optional services, computed by hand, are in no bill until a stage uses them", () => {
    const options = optionsOf(assumptions).map(({ setting, usd }) => [setting, Number(usd.toFixed(4))]);
    // A tenth of 2,000 documents has 10 pages; 250 × 76 × 22 requests, of which a fiftieth are questions; 2,000 × 10 × 400 tokens.
    const questions = 8_360;
    expect(options).toEqual([
      ["ocr", 2_000 * 0.0015],
      ["answering", Number((questions * (3_500 * 0.06e-6 + 150 * 0.24e-6)).toFixed(4))],
      ["answering", Number((questions * (3_500 * 0.8e-6 + 150 * 3.2e-6)).toFixed(4))],
      ["embedding", -8 * 0.02],
      ["embedding", Number((8 * (0.13 - 0.02)).toFixed(4))],
    ]);
    for (const name of ["production", "production-lean"] as const) {
      const { ocr, answering, embedding } = stageOf(name);
      expect([ocr, answering, embedding?.model]).toEqual([false, undefined, "amazon.titan-embed-text-v2:0"]);
      const { bill } = billOf(name, tenants, costs());
      expect([bill.Textract, bill.Bedrock]).toEqual([undefined, expect.closeTo(tenants * 8 * 0.02, 6)]);
    }
  });

  it("a tenant costs less the more there are, until one database no longer carries them", () => {
    for (const design of designs) {
      const [few, many] = [20, tenants].map((count) => perTenant(design, count, costs(), { isReserved: true }));
      expect(few, design).toBeGreaterThan(many!);
    }
  });

  it("more of what an assumption counts never costs less, except time to think", () => {
    for (const { name, half, double } of sensitivityOf("production", tenants, costs()))
      if (name !== "thinkSeconds") expect(double, name).toBeGreaterThanOrEqual(half - 1e-9);
  });

  it("F-22 what surprised others on their bills is in the model", () => {
    const used = sharedItems(tenants, assumptions).map(([, , , price]) => price);
    for (const price of [
      "natGatewayData",
      "zoneData",
      "internetData",
      "keyRequest",
      "logIngestion",
      "federatedUser",
    ] as const)
      expect(used).toContain(price);
    const { fixed, idle } = cost("production");
    // RDS Proxy by vCPU, secrets by number, and polls of empty queues.
    for (const usd of [fixed["RDS Proxy"], fixed["secrets and keys"], idle["SQS and EventBridge"]])
      expect(usd).toBeGreaterThan(1);
    for (const { why } of Object.values(assumptionTable)) expect(why).not.toBe("");
  });
});
