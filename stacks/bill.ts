import { add, type Bill, itemBill, total, usd } from "../packages/core/src/usage/items.ts";
import { cellsFor, demandOf, nodePerSecondMax, sizeFor, upstashPerSecondMax } from "./capacity.ts";
import { type Cost, hourly, instanceBill, proxyBill, reserved } from "./cost.ts";
import {
  type AssumptionName,
  type Assumptions,
  assumptionNames,
  assumptions,
  requestsOf,
  serverlessItems,
  sharedItems,
} from "./load.ts";
import { stageOf } from "./stage.ts";
import { writtenBill, writtenDatabase } from "./written.ts";

/** The blueprint as written, and the stages that are priced from their evaluated resources. */
export const designs = ["as written", "production", "production-lean"] as const;
export type Design = (typeof designs)[number];
export type StageCosts = Record<Exclude<Design, "as written">, Cost>;

/** What a month costs for this number of tenants, with a database that carries them. */
export const billOf = (
  design: Design,
  tenants: number,
  costs: StageCosts,
  a: Assumptions = assumptions,
): { bill: Bill; instanceClass: string; cells: number } => {
  const database = design === "as written" ? writtenDatabase : stageOf(design).database;
  const cells = cellsFor(database, tenants, a);
  const each = tenants / cells;
  const demand = demandOf(each, a);
  // `cellsFor` returns a number of cells for which there is a size.
  const size = { ...sizeFor(database, demand)!, multiAz: database.multiAz };
  const own =
    design === "as written"
      ? // The diagram's read replica, in one zone.
        add(writtenBill(each, demand.requestsPerSecond, a), instanceBill({ ...size, multiAz: false }))
      : add(
          without(costs[design].fixed, "RDS instances", "RDS storage", "RDS Proxy"),
          costs[design].idle,
          proxyBill(size.instanceClass),
          itemBill(serverlessItems(each, a)),
          redisBill(demand.cacheCommandsPerSecond, requestsOf(each, a) * a.cacheCommands),
        );
  const bill = add(own, instanceBill(size), itemBill(sharedItems(each, a)));
  return { bill: add(...Array.from({ length: cells }, () => bill)), instanceClass: size.instanceClass, cells };
};

const without = (bill: Bill, ...services: (keyof Bill)[]): Bill =>
  Object.fromEntries(Object.entries(bill).filter(([service]) => !services.includes(service as keyof Bill)));

/** Upstash by command, or pairs of ElastiCache nodes where these are cheaper or Upstash is too small. */
const redisBill = (perSecond: number, commands: number): Bill => {
  const nodes = 2 * Math.ceil(perSecond / nodePerSecondMax) * hourly("cache.m6g.large");
  const upstash = perSecond > upstashPerSecondMax ? Number.POSITIVE_INFINITY : commands * usd("cacheCommand");
  return { Redis: Math.min(nodes, upstash) };
};

/** USD per tenant and month. */
export const perTenant = (
  design: Design,
  tenants: number,
  costs: StageCosts,
  { isReserved, a = assumptions }: { isReserved: boolean; a?: Assumptions },
): number => {
  const { bill } = billOf(design, tenants, costs, a);
  return total(isReserved ? reserved(bill) : bill) / tenants;
};

export type Sensitivity = { name: AssumptionName; half: number; double: number };

/** What each assumption, halved and doubled, does to the cost per tenant with a reserved database; the largest first. */
export const sensitivityOf = (design: Design, tenants: number, costs: StageCosts): Sensitivity[] => {
  const at = (name: AssumptionName, factor: number) => {
    const value = assumptions[name] * factor;
    const changed = { ...assumptions, [name]: name.endsWith("Share") ? Math.min(1, value) : value };
    return perTenant(design, tenants, costs, { isReserved: true, a: changed });
  };
  return assumptionNames
    .map((name) => ({ name, half: at(name, 0.5), double: at(name, 2) }))
    .sort((one, other) => Math.abs(other.double - other.half) - Math.abs(one.double - one.half));
};
