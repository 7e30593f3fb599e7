import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bill, services, total } from "../packages/core/src/usage/items.ts";
import { pricesReadOn } from "../packages/core/src/usage/prices.ts";
import { billOf, type Design, designs, perTenant, type StageCosts, sensitivityOf } from "../stacks/bill.ts";
import { demandOf, limitsOf } from "../stacks/capacity.ts";
import { type Cost, reserved } from "../stacks/cost.ts";
import { assumptions, assumptionTable } from "../stacks/load.ts";
import { optionsOf } from "../stacks/optional.ts";
import { stageOf } from "../stacks/stage.ts";
import { blueprintReservedUsd, blueprintSheet } from "../stacks/written.ts";

/** The blueprint's number of tenants (P-4). */
const tenants = 100;
const tenantCounts = [20, tenants, 500, 1_000];
const capacityCounts = [tenants, 1_000, 10_000];
const sensitivityMax = 12;

/** The costs of evaluated stages that `npm run infra:accept` wrote. */
export const stageCosts = async (root: string): Promise<Record<string, Cost> & StageCosts> =>
  JSON.parse(await readFile(join(root, "stacks/testing/expected/costs.json"), "utf8"));

export type Model = ReturnType<typeof modelOf>;
/** Rows of cells; the first is the head. */
type Table = string[][];

/** Everything that docs/cost.md and `resolve cost` show. */
export const modelOf = (costs: StageCosts) => ({
  pricesReadOn,
  tenants,
  assumptions: assumptionTable,
  bills: designs.map((design) => ({ design, ...billOf(design, tenants, costs) })),
  perTenant: tenantCounts.flatMap((count) =>
    designs.map((design) => {
      const { instanceClass, cells } = billOf(design, count, costs);
      const usd = (isReserved: boolean) => perTenant(design, count, costs, { isReserved });
      return { tenants: count, design, onDemand: usd(false), reserved: usd(true), instanceClass, cells };
    }),
  ),
  options: optionsOf(assumptions),
  sensitivity: sensitivityOf("production", tenants, costs),
  sensitivityLean: sensitivityOf("production-lean", tenants, costs),
  capacity: capacityCounts.map((count) => {
    const demand = demandOf(count, assumptions);
    const { instanceClass, cells } = billOf("production", count, costs);
    const reserved = perTenant("production", count, costs, { isReserved: true });
    return { tenants: count, demand, limits: limitsOf(stageOf("production"), demand), instanceClass, cells, reserved };
  }),
});

const whole = (usd: number): string => (usd === 0 ? "–" : usd < 10 ? usd.toFixed(1) : count(Math.round(usd)));
const count = (value: number): string => value.toLocaleString("en");
const range = (low: number, high: number): string => (high > low ? `${whole(low)}–${whole(high)}` : whole(low));
const each = (usd: number): string => (usd / tenants).toFixed(2);
const sized = ({ instanceClass, cells }: { instanceClass: string; cells: number }): string =>
  `${cells > 1 ? `${cells} × ` : ""}${instanceClass.replace("db.", "")}`;

const sheetTable = ({ bills }: Model): Table => {
  const fewest = blueprintSheet.reduce((sum, { usd }) => sum + usd, 0);
  const most = blueprintSheet.reduce((sum, { usd, usdMax = usd }) => sum + usdMax, 0);
  const ofAll = (of: (bill: Bill) => string) => bills.map(({ bill }) => of(bill));
  return [
    ["row", "service", "blueprint", ...designs, "why"],
    ...blueprintSheet.map(({ row, service, usd, usdMax = usd, why }) => [
      row,
      service,
      range(usd, usdMax),
      ...ofAll((bill) => whole(bill[service] ?? 0)),
      why,
    ]),
    ...services
      .filter((service) => !blueprintSheet.some((line) => line.service === service))
      .filter((service) => bills.some(({ bill }) => bill[service]))
      .map((service) => ["", service, "–", ...ofAll((bill) => whole(bill[service] ?? 0)), "Not in the sheet."]),
    ["B-14", "all", range(fewest, most), ...ofAll((bill) => whole(total(bill))), "The sheet's total has 3 tasks."],
    ["B-14", "per tenant", `${each(fewest)}–${each(most)}`, ...ofAll((bill) => each(total(bill))), ""],
    [
      "B-15",
      "all, reserved",
      whole(blueprintReservedUsd),
      ...ofAll((bill) => whole(total(reserved(bill)))),
      "The sheet takes 30 % off everything; here the database is reserved for a year.",
    ],
    ["B-15", "per tenant", each(blueprintReservedUsd), ...ofAll((bill) => each(total(reserved(bill)))), ""],
  ];
};

const capacityTable = ({ capacity }: Model): Table => [
  ["at the peak", "production has", ...capacity.map((one) => `${count(one.tenants)} tenants`), "then"],
  ...capacity.at(-1)!.limits.map(({ what, limit, remedy }) => [
    what,
    whole(limit),
    ...capacity.map(({ limits }) => {
      const { need } = limits.find((one) => one.what === what)!;
      return need > limit ? `**${whole(need)}**` : whole(need);
    }),
    remedy,
  ]),
  [
    "fails first",
    "",
    ...capacity.map(({ limits: [first] }) => (first!.need > first!.limit ? first!.what : "nothing")),
    "",
  ],
  ["database that carries it", "", ...capacity.map(sized), ""],
  ["USD per tenant, reserved", "", ...capacity.map((one) => one.reserved.toFixed(2)), ""],
];

export const tablesOf = (model: Model) => ({
  tenants: [
    ["tenants", ...designs.flatMap((design) => [design, "reserved", "database"])],
    ...tenantCounts.map((tenants) => [
      count(tenants),
      ...model.perTenant
        .filter((one) => one.tenants === tenants)
        .flatMap((one) => [one.onDemand.toFixed(2), one.reserved.toFixed(2), sized(one)]),
    ]),
  ] satisfies Table,
  lines: sheetTable(model),
  options: [
    ["setting", "with", "USD per tenant", "computed", "price"],
    ...model.options.map(({ setting, what, usd, computed, source }) => [
      `\`${setting}\``,
      what,
      usd.toFixed(2),
      computed,
      source,
    ]),
  ] satisfies Table,
  sensitivity: [
    ["assumption", "production: half", "double", "lean: half", "double"],
    ...model.sensitivity.slice(0, sensitivityMax).map(({ name, half, double }) => {
      const lean = model.sensitivityLean.find((one) => one.name === name)!;
      return [assumptionTable[name].what, ...[half, double, lean.half, lean.double].map((usd) => usd.toFixed(2))];
    }),
  ] satisfies Table,
  capacity: capacityTable(model),
  assumptions: [
    ["assumption", "value", "why"],
    ...Object.values(assumptionTable).map(({ what, value, why }) => [what, count(value), why]),
  ] satisfies Table,
});

const isNumber = (cell: string | undefined): boolean => /^[*\d–.,]+$/.test(cell ?? "");
const markdown = ([head, ...rows]: Table): string => {
  const rule = head!.map((_, at) => (rows.some((row) => isNumber(row[at])) ? "--:" : "---"));
  return [head!, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
};
export const pageParts = (model: Model): Record<string, string> =>
  Object.fromEntries(Object.entries(tablesOf(model)).map(([name, table]) => [name, markdown(table)]));

/** USD a month of the stages that have a bill without any use, for the ledger. */
export const fixedCostsJson = (costs: StageCosts): string =>
  `${JSON.stringify(
    Object.fromEntries(Object.entries(costs).map(([stage, { fixed, idle }]) => [stage, total(fixed) + total(idle)])),
    cents,
    2,
  )}\n`;

const cents = (_: string, value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
/** The model and its tables for `packages/cli`, which imports nothing of the infrastructure. */
export const modelJson = (model: Model): string =>
  `${JSON.stringify({ ...model, tables: tablesOf(model) }, cents, 2)}\n`;

const [width, left, right] = [820, 390, 780];
const [firstTop, groupHeight, barHeight, rowHeight] = [60, 50, 13, 24];
const usdMax = 50;
const colors: Record<Design | "half" | "double", string> = {
  "as written": "#8a8f94",
  production: "#1b6ca8",
  "production-lean": "#2f6f4f",
  half: "#2f6f4f",
  double: "#c9732b",
};

/** Above, USD per tenant by the number of tenants; below, what each assumption does to production's. */
export const costPlot = ({ perTenant, sensitivity, bills }: Model): string => {
  const x = (usd: number) => left + (Math.min(usd, usdMax) / usdMax) * (right - left);
  const label = (text: string, y: number) => `<text x="${left - 10}" y="${y}" text-anchor="end">${text}</text>`;
  const bar = (from: number, to: number, y: number, height: number, color: string) =>
    `<rect x="${x(Math.min(from, to)).toFixed(1)}" y="${y}" width="${Math.abs(x(to) - x(from)).toFixed(1)}" height="${height}" fill="${color}"/>`;
  const scale = (from: number, to: number) =>
    [0, 10, 20, 30, 40, 50].map(
      (usd) =>
        `<path d="M${x(usd)} ${from}V${to}" stroke="#ddd"/><text x="${x(usd)}" y="${to + 16}" text-anchor="middle" fill="#555">${usd}</text>`,
    );
  const bars = perTenant.map(({ design, reserved: usd }, at) => {
    const y = firstTop + Math.floor(at / designs.length) * groupHeight + (at % designs.length) * barHeight;
    const [end, color] = usd > usdMax ? [right - 44, "#fff"] : [x(usd) + 4, "#222"];
    return `${bar(0, usd, y, barHeight - 2, colors[design])}<text x="${end.toFixed(1)}" y="${y + 9.5}" font-size="10" fill="${color}">${usd.toFixed(1)}${usd > usdMax ? " →" : ""}</text>`;
  });
  const firstEnd = firstTop + tenantCounts.length * groupHeight;
  const base = total(reserved(bills.find(({ design }) => design === "production")!.bill)) / tenants;
  const top = firstEnd + 70;
  const tornado = sensitivity.slice(0, sensitivityMax).map(({ name, half, double }, at) => {
    const y = top + at * rowHeight;
    return `${label(assumptionTable[name].what, y + 11)}${bar(base, half, y, 14, colors.half)}${bar(base, double, y, 14, colors.double)}`;
  });
  const end = top + sensitivityMax * rowHeight;
  const legend = designs.map((design) => `<tspan fill="${colors[design]}">${design}</tspan>`).join(", ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${end + 30}" font-family="sans-serif" font-size="12" fill="#222">
<title>USD per tenant and month by the number of tenants, and by assumption</title>
<rect width="${width}" height="${end + 30}" fill="#fff"/>
<text x="20" y="26" font-size="14">USD per tenant and month with a reserved database: ${legend}</text>
${[...scale(48, firstEnd), ...tenantCounts.map((tenants, at) => label(`${count(tenants)} tenants`, firstTop + at * groupHeight + 23)), ...bars].join("\n")}
<text x="20" y="${top - 22}" font-size="14">production with ${tenants} tenants, ${base.toFixed(2)} USD: each assumption <tspan fill="${colors.half}">halved</tspan> and <tspan fill="${colors.double}">doubled</tspan></text>
${[...scale(top - 8, end), ...tornado].join("\n")}
<path d="M${x(base).toFixed(1)} ${top - 8}V${end}" stroke="#222"/>
</svg>
`;
};
