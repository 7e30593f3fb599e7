import { describe, expect, it } from "vitest";
import { atOnce, cellsFor, demandOf, limitsOf, sizeFor } from "./capacity.ts";
import { assumptions } from "./load.ts";
import { stageOf } from "./stage.ts";
import { writtenRequestsPerSecondMax } from "./written.ts";

const { database } = stageOf("production");
const demand = demandOf(100, assumptions);

describe("capacity", () => {
  it("100 tenants have the blueprint's 10,000 concurrent users, who send about 1,000 requests per second", () => {
    expect(demand.concurrentUsers).toBe(10_000);
    // A user thinks for 10 s and waits for 0.06 s.
    expect(demand.requestsPerSecond).toBeCloseTo(10_000 / 10.06, 3);
  });

  it("F-45 the blueprint's rule allows 333 requests per second, a third of what its users send", () => {
    expect(writtenRequestsPerSecondMax).toBeCloseTo(333.3, 1);
    expect(demand.requestsPerSecond).toBeGreaterThan(2.9 * writtenRequestsPerSecondMax);
  });

  it("Little's law, with three standard deviations", () => {
    expect(atOnce(1_000, 0.1)).toBe(100 + 3 * 10);
    expect(demand.executions).toBeCloseTo(59.64 + 3 * Math.sqrt(59.64), 1);
  });

  it("F-45 P-4 production carries 100 tenants: no limit is exceeded at the peak", () => {
    for (const { what, need, limit } of limitsOf(stageOf("production"), demand))
      expect(need, what).toBeLessThanOrEqual(limit);
    expect(sizeFor(database, demand)!.instanceClass).toBe(database.instanceClass);
  });

  it("the limit with the largest share of its need is first", () => {
    const [first, ...others] = limitsOf(stageOf("production"), demandOf(1_000, assumptions));
    expect(first!.need).toBeGreaterThan(first!.limit);
    for (const { need, limit } of others) expect(need / limit).toBeLessThanOrEqual(first!.need / first!.limit);
  });

  it("a database grows with its demand, and beyond the largest one tenants are divided", () => {
    const large = sizeFor(database, demandOf(300, assumptions))!;
    expect(large.instanceClass).not.toBe(database.instanceClass);
    expect(sizeFor(database, demandOf(10_000, assumptions))).toBeUndefined();
    const cells = cellsFor(database, 10_000, assumptions);
    expect(sizeFor(database, demandOf(10_000 / cells, assumptions))).toBeDefined();
    expect(sizeFor(database, demandOf(10_000 / (cells - 1), assumptions))).toBeUndefined();
  });

  it("a database is never smaller than the stage's own", () => {
    expect(sizeFor(database, demandOf(1, assumptions))).toEqual({
      instanceClass: database.instanceClass,
      storageGb: database.storageGb,
      iops: database.iops,
    });
  });
});
