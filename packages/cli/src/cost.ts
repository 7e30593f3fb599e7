import type { Command } from "commander";
import model from "./cost.gen.json" with { type: "json" };

type Show = <T>(result: T, lines: (result: T) => string[]) => void;

/** `resolve cost`: what a month costs, from the model of docs/cost.md. It needs no API. */
export const addCostCommand = (program: Command, { show }: { show: Show }): void => {
  program
    .command("cost")
    .description("what a month costs by service and by number of tenants, beside the blueprint's figures")
    .action(() => show(model, costLines));
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
  ...section("A tenant's month, reserved, when an assumption is halved or doubled", tables.sensitivity),
  ...section("What the peak needs", tables.capacity),
];

/** A table in columns as wide as their cells. */
const section = (title: string, table: string[][]): string[] => {
  const rows = table.map((cells) => cells.map((cell) => cell.replaceAll(/[*`]/g, "")));
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => cells[at]!.length)));
  const isText = (at: number) => at === 0 || rows.slice(1).some((cells) => / [a-z]{2}/.test(cells[at]!));
  const line = (cells: string[]) =>
    cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join("  ");
  return ["", title, ...rows.map((cells) => line(cells).trimEnd())];
};
