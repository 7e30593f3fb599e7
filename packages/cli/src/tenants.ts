import { type Schemas, unwrap } from "@resolve/sdk";
import { type Command, Option } from "commander";
import type { JobTools } from "./jobs.ts";
import { showFirst } from "./pages.ts";

type Tools = Pick<JobTools, "client" | "show">;
type Tenant = Schemas["Tenant"];
type Overview = Schemas["TenantOverview"];

const statuses = ["onboarding", "active", "suspended", "offboarding", "deleted"] as const;
const plans = ["free", "team", "enterprise"] as const;

/** `resolve tenants …`: all tenants, for the operator. */
export const addTenantCommands = (program: Command, { client, show }: Tools): void => {
  const group = program.command("tenants").description("all tenants, for the operator (use --operator)");

  group
    .command("list")
    .description("list tenants, newest first")
    .addOption(new Option("--status <status>", "only those in this state").choices(statuses))
    .action(({ status }: { status?: Tenant["status"] }) =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (page) => {
          const query = { ...page, ...(status ? { status } : {}) };
          return unwrap(client().GET("/api/v1/tenants", { params: { query } }));
        },
        (tenant) => show(tenant, tenantLines),
      ),
    );
  group
    .command("show")
    .description("counts, usage of the month and health of a tenant")
    .argument("<tenant>")
    .action(async (id: string) =>
      show(await unwrap(client().GET("/api/v1/tenants/{tenantId}", tenant(id))), overviewLines),
    );
  group
    .command("update")
    .description("change the name or the plan of a tenant")
    .argument("<tenant>")
    .option("--name <name>")
    .addOption(new Option("--plan <plan>").choices(plans))
    .action(async (id: string, body: Schemas["TenantChanges"]) =>
      show(await unwrap(client().PATCH("/api/v1/tenants/{tenantId}", { ...tenant(id), body })), tenantLines),
    );
  group
    .command("suspend")
    .description("refuse the requests of a tenant with this reason, and let its work wait")
    .argument("<tenant>")
    .argument("<reason>", "the tenant reads it")
    .action(async (id: string, reason: string) => {
      const body = { reason };
      show(await unwrap(client().POST("/api/v1/tenants/{tenantId}/suspend", { ...tenant(id), body })), tenantLines);
    });
  group
    .command("resume")
    .description("end the suspension of a tenant; what waited continues")
    .argument("<tenant>")
    .action(async (id: string) =>
      show(await unwrap(client().POST("/api/v1/tenants/{tenantId}/resume", tenant(id))), tenantLines),
    );
};

const tenant = (tenantId: string) => ({ params: { path: { tenantId } } });

const tenantLines = ({ id, status, plan, name, suspension }: Tenant): string[] => [
  `${id}  ${status.padEnd(10)}  ${plan.padEnd(10)}  ${name}`,
  ...(suspension ? [`    suspended since ${suspension.since}: ${suspension.reason}`] : []),
];

const overviewLines = (overview: Overview): string[] => {
  const { counts, usage, storage, health } = overview;
  const documents = Object.entries(counts.documents).filter(([, n]) => n > 0);
  const run = health.onboarding;
  const waiting = health.oldestUnfinishedAt ? `, the oldest since ${health.oldestUnfinishedAt}` : "";
  return [
    ...tenantLines(overview),
    `documents    ${documents.map(([status, n]) => `${n} ${status}`).join(", ") || "none"}`,
    `people       ${counts.members} active, ${counts.suspendedMembers} suspended, ${counts.invitations} invited`,
    `keys         ${counts.apiKeys}`,
    `webhooks     ${counts.enabledWebhooks} enabled, ${counts.disabledWebhooks} disabled, ${health.failingWebhooks.length} failing`,
    ...health.failingWebhooks.map(
      ({ id, failures, failingSince }) => `    ${id}  ${failures} failures since ${failingSince}`,
    ),
    `unfinished   ${health.unfinishedDocuments} documents${waiting}; ${health.unfinishedJobs} jobs, ${health.unfinishedDeliveries} deliveries, ${health.unsentMessages} messages`,
    `parked       ${health.parkedWork}`,
    `onboarding   ${run ? `${run.status}${run.failedStep ? ` at ${run.failedStep}` : ""}` : "none"}`,
    `storage      ${storage.usedBytes} of ${storage.limitBytes} bytes`,
    `usage        ${usage.month}`,
    ...usage.meters.map(
      ({ meter, used, limit }) => `    ${meter.padEnd(13)} ${used}${limit === null ? "" : ` of ${limit}`}`,
    ),
  ];
};
