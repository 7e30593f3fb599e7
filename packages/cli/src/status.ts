import { setTimeout as sleep } from "node:timers/promises";
import { type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";

type Tools = Pick<JobTools, "client" | "show"> & {
  /** Replaces the content of a terminal; undefined for another output. */
  screen: ((lines: string[]) => void) | undefined;
};
type Status = { at: string; health: Schemas["Health"]; slo: Schemas["Slo"] };
type Counted = { requests: number; failed: number; slow: number };

const refreshMs = 5_000;

/** `resolve status`: the system now and in the last hours, renewed until Ctrl-C. */
export const addStatusCommand = (program: Command, { client, show, screen }: Tools): void => {
  program
    .command("status")
    .description(
      "the system's health, requests and error budgets, for the operator (use --operator); on a terminal, renewed every five seconds",
    )
    .option("--once", "print it once")
    .option("--of <tenant>", "objectives and hours of this tenant")
    .action(async ({ once, of: tenantId }: { once?: boolean; of?: string }) => {
      const read = async (): Promise<Status> => {
        const api = client();
        const [health, slo] = await Promise.all([
          unwrap(api.GET("/api/v1/platform/health")),
          unwrap(api.GET("/api/v1/platform/slo", { params: { query: tenantId ? { tenantId } : {} } })),
        ]);
        return { at: new Date().toISOString(), health, slo };
      };
      if (once || !screen || program.opts<{ json?: boolean }>().json) return show(await read(), statusLines);
      for (;;) {
        screen([...statusLines(await read()), "", "Ctrl-C ends."]);
        await sleep(refreshMs);
      }
    });
};

const blocks = "▁▂▃▄▅▆▇█";
/** One character for each value, the largest as a full block. */
export const sparkline = (values: readonly number[]): string => {
  const largest = Math.max(...values, 1);
  return values.map((value) => blocks[Math.ceil((value / largest) * (blocks.length - 1))]).join("");
};

const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;
const sum = (counted: readonly Counted[], meter: keyof Counted): number =>
  counted.reduce((total, one) => total + one[meter], 0);

const seriesLines = (counted: readonly Counted[], slowMs: number): string[] => {
  const total = sum(counted, "requests");
  const names = { requests: "requests", failed: "failed", slow: `> ${slowMs} ms` } as const;
  // A literal object has exactly the keys of its type.
  return (Object.keys(names) as (keyof Counted)[]).map((meter) => {
    const amount = sum(counted, meter);
    const share = meter === "requests" || total === 0 ? "" : `  ${percent(amount / total)}`;
    return `  ${names[meter].padEnd(10)} ${sparkline(counted.map((one) => one[meter]))}  ${amount}${share}`;
  });
};

export const statusLines = ({ at, health, slo }: Status): string[] => {
  const { ready, outbox, parkedWork, minutes } = health;
  const reasons: Record<string, string | undefined> = ready.reasons ?? {};
  const parts = (["database", "queue", "cache"] as const).map(
    (part) => `${part} ${ready[part]}${reasons[part] ? ` (${reasons[part]})` : ""}`,
  );
  return [
    `${ready.status === "ok" ? "●" : "○"} ${ready.status}   ${parts.join(", ")}   ${at.slice(0, 19).replace("T", " ")} UTC`,
    `  outbox     ${outbox.waiting} waiting, the oldest due for ${outbox.oldestSeconds} s`,
    `  parked     ${parkedWork}${parkedWork > 0 ? "   see docs/runbooks/parked-work.md" : ""}`,
    "",
    "The last hour, by minute",
    ...(minutes ? seriesLines(minutes, slo.slowMs) : ["  unknown: the cache does not respond"]),
    "",
    `The last ${slo.hours.length === 1 ? "hour" : `${slo.hours.length} hours`} with requests${slo.tenantId ? ` of ${slo.tenantId}` : ""}`,
    ...seriesLines(slo.hours, slo.slowMs),
    "",
    `Objectives of ${slo.month}${slo.tenantId ? ` of ${slo.tenantId}` : ""}`,
    ...slo.objectives.map(({ name, target, achieved, budgetLeft, burnRate }) => {
      if (achieved === null) return `  ${name.padEnd(12)} ${percent(target)} is the target; no request is counted yet`;
      const burn = burnRate === null ? "" : `, burning ${burnRate.toFixed(1)} times`;
      return `  ${name.padEnd(12)} ${percent(achieved, 3)} of ${percent(target)}   budget left ${percent(budgetLeft, 0)}${burn}`;
    }),
  ];
};
