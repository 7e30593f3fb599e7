import { type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";

type Tools = Pick<JobTools, "client" | "show">;

/** `resolve limits` and `resolve usage`: what the tenant may have, and has used. */
export const addUsageCommands = (program: Command, { client, show }: Tools): void => {
  program
    .command("limits")
    .description("what the tenant may have and use")
    .action(async () => show(await unwrap(client().GET("/api/v1/tenant/limits")), pairs));
  program
    .command("usage")
    .description("what the tenant has used in a month, beside its limits")
    .option("--month <month>", "such as 2026-12 (default: this month)")
    .option("--day <day>", "such as 2026-12-01: also by hour")
    .action(async (query: { month?: string; day?: string }) =>
      show(await unwrap(client().GET("/api/v1/tenant/usage", { params: { query } })), usageLines),
    );
};

const pairs = (values: Record<string, number>): string[] =>
  Object.entries(values).map(([name, value]) => `${name.padEnd(24)} ${value}`);

const usageLines = ({ month, resetsAt, meters, hours = [] }: Schemas["Usage"]): string[] => [
  `${month}, until ${resetsAt}`,
  ...meters.map(({ meter, used, limit }) => `${meter.padEnd(16)} ${used}${limit === null ? "" : ` of ${limit}`}`),
  ...hours.map(({ hour, meter, used }) => `${hour.slice(0, 13)}  ${meter.padEnd(16)} ${used}`),
];
