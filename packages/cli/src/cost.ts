import { type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import model from "./cost.gen.json" with { type: "json" };
import type { JobTools } from "./jobs.ts";
import { showFirst } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show">;

/**
 * `resolve cost`: what a month costs, from the model of docs/cost.md, which needs no API. `resolve cost tenants`: what each tenant
 * has cost.
 */
export const addCostCommand = (program: Command, { client, show }: Tools): void => {
  const group = program
    .command("cost")
    .description("what a month costs by service and by number of tenants, beside the blueprint's figures")
    .action(() => show(model, costLines));
  group
    .command("tenants")
    .description("what each tenant has cost, for the operator (use --operator)")
    .option("--month <month>", "such as 2026-12 (default: this month)")
    .option("--day <day>", "such as 2026-12-01 instead: also by hour")
    .action((period: { month?: string; day?: string }) =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (page) => unwrap(client().GET("/api/v1/platform/cost", { params: { query: { ...page, ...period } } })),
        (cost) => show(cost, tenantLines),
      ),
    );
};

/** The figure of the target (B-16), in words. */
export const tenantCost = (): string => {
  const { tenants, perTenant } = model;
  const { reserved } = perTenant.find((one) => one.design === "production" && one.tenants === tenants)!;
  return `${reserved.toFixed(2)} USD a month for each of ${tenants} tenants on AWS, with the database reserved for a year (resolve cost)`;
};

const costLines = ({ pricesReadOn, tenants, tables }: typeof model): string[] => [
  `List prices of AWS of ${pricesReadOn} in USD, us-east-1, without free tiers. "As written" is the blueprint's design, "reserved" a database for a year.`,
  ...section("A tenant's month, on demand and reserved, and the database that carries the load", tables.tenants),
  ...section(`A month with ${tenants} tenants, beside the blueprint's cost sheet`, tables.lines),
  ...section("What settings that are off by default add to a tenant's month", tables.options),
  ...section("A tenant's month, reserved, when an assumption is halved or doubled", tables.sensitivity),
  ...section("What the peak needs", tables.capacity),
];

const tenantLines = ({ tenantId, usd, sharedUsd, databaseShare, services, hours = [] }: Schemas["TenantCost"]) => [
  `${tenantId}  ${usd.toFixed(6)} USD used, ${(databaseShare * 100).toFixed(1)} % of the database${sharedUsd === null ? "" : ` (${sharedUsd.toFixed(4)} USD of the stage)`}`,
  ...Object.entries(services).map(([service, usd]) => `  ${service.padEnd(20)} ${usd.toFixed(6)}`),
  ...hours.map(({ hour, usd }) => `  ${hour.slice(0, 13)}        ${usd.toFixed(6)}`),
];

/** A table in columns as wide as their cells. */
const section = (title: string, table: string[][]): string[] => {
  const rows = table.map((cells) => cells.map((cell) => cell.replaceAll(/[*`]/g, "")));
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => cells[at]!.length)));
  const isText = (at: number) => at === 0 || rows.slice(1).some((cells) => / [a-z]{2}|^https:/.test(cells[at]!));
  const line = (cells: string[]) =>
    cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  ");
  return ["", title, ...rows.map((cells) => line(cells).trimEnd())];
};
