import {
  checkUploads,
  fillAll,
  purgeDocuments,
  removeLeftovers,
  removeLooseObjects,
  sweepDocuments,
} from "@resolve/core/documents";
import { deleteExpiredKeys } from "@resolve/core/identity";
import { measureCorpora, startIndexBuilds, startPurges, sweepJobs } from "@resolve/core/jobs";
import { sweepOnboarding } from "@resolve/core/onboarding";
import type { Ctx } from "@resolve/core/platform/context";
import { relay } from "@resolve/core/platform/outbox";
import { listParkedWork, reportParkedWork } from "@resolve/core/platform/parked-work";
import { createWebhook, dispatchAll, fanOutLost } from "@resolve/core/webhooks";
import { startConsumers } from "@resolve/local/testing-consumers";
import type { Sql } from "postgres";

const tenants = 100;
/** A statement may read this many buffers (8 kB), or this many for each row that it returns or changes. The work in progress of 100 tenants takes up to 7,000. */
const buffersMax = 10_000;
const buffersPerRowMax = 20;
/** Tables and partitions with more rows must not be read in sequence. */
const largeRows = 10_000;

const waitingSeconds = 300;
const stages = {
  checkUploads: () => checkUploads(),
  sweepDocuments: () => sweepDocuments({ waitingSeconds }),
  removeLeftovers,
  fillAll,
  sweepJobs: () => sweepJobs({ waitingSeconds }),
  sweepOnboarding: () => sweepOnboarding({ waitingSeconds }),
  fanOutLost,
  dispatchAll,
  purgeDocuments,
  startPurges,
  startIndexBuilds,
  removeLooseObjects,
  deleteExpiredKeys,
  measureCorpora,
  relay: () => relay({ limit: 100 }),
  reportParkedWork,
  listParkedWork: (ctx: Ctx) => listParkedWork(ctx, { limit: 100 }),
};

/** The plans of all statements of the sweep and the relay, on tables with millions of rows. Fails when one reads too much. */
export const plans = async (): Promise<void> => {
  const { admin, newTenant, close } = await startConsumers();
  const ctxs: Ctx[] = [];
  while (ctxs.length < tenants) ctxs.push(await newTenant());
  for (const [n, ctx] of ctxs.entries())
    for (let of = n === 0 ? 100 : 3; of > 0; of--) await createWebhook(ctx, { url: `http://127.0.0.1:9/${of}` });
  const startedAt = performance.now();
  await seed(admin);
  console.log(`seeded in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const log = await explainAll(admin);
  const rows = await admin`select relname from pg_class where relkind = 'r' and reltuples > ${largeRows}`;
  const large = new Set(rows.map(({ relname }) => relname));
  const bad: string[] = [];
  for (const [stage, run] of Object.entries(stages)) {
    const readLog = await log();
    await run(ctxs[0]!).catch((error: Error) => bad.push(`${stage} failed: ${error.message}`));
    for (const statement of worstOfEach(await readLog())) {
      const reasons = problemsOf(statement, large);
      bad.push(...reasons.map((reason) => `${stage}: ${reason}`));
      const figures = `${rowsOf(statement.plan)} rows, ${buffersOf(statement.plan)} buffers, ${statement.ms.toFixed(1)} ms`;
      console.log(`\n${stage}: ${figures}${reasons.length > 0 ? `  BAD: ${reasons.join("; ")}` : ""}`);
      console.log(`  ${statement.text.replaceAll(/\s+/g, " ").slice(0, 150)}`);
      for (const { node, depth } of nodesOf(statement.plan).slice(0, 4))
        console.log(`  ${"  ".repeat(depth)}→ ${describe(node)}`);
    }
  }
  await close();
  if (bad.length > 0) throw new Error(`bad plans:\n${bad.join("\n")}`);
};

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: Plan[];
};
type Statement = { text: string; ms: number; plan: Plan };

const nodesOf = (node: Plan, depth = 0): { node: Plan; depth: number }[] => [
  { node, depth },
  ...(node.Plans ?? []).flatMap((child) => nodesOf(child, depth + 1)),
];
const buffersOf = (plan: Plan): number => plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
/** A change without `returning` returns no rows, and its child those that it changes. */
const rowsOf = (plan: Plan): number =>
  plan["Actual Rows"] || (plan["Node Type"] === "ModifyTable" && plan.Plans?.[0]?.["Actual Rows"]) || 0;
const describe = (node: Plan): string =>
  `${node["Node Type"]} ${node["Index Name"] ?? node["Relation Name"] ?? ""} rows=${node["Actual Rows"]} loops=${node["Actual Loops"]} buffers=${buffersOf(node)}`;

const problemsOf = ({ plan }: Statement, large: ReadonlySet<string>): string[] => {
  const scans = nodesOf(plan)
    .map(({ node }) => node)
    .filter((node) => node["Node Type"] === "Seq Scan" && node["Actual Loops"] > 0 && large.has(node["Relation Name"]!))
    .map((node) => `sequential scan of ${node["Relation Name"]}`);
  const reads = buffersOf(plan);
  const isHuge = reads > Math.max(buffersMax, buffersPerRowMax * rowsOf(plan));
  return isHuge ? [...scans, `${reads} buffers`] : scans;
};

/** Of statements with the same text the one that read most. Statements without a table are left out. */
const worstOfEach = (statements: Statement[]): Statement[] => {
  const worst = new Map<string, Statement>();
  for (const statement of statements.sort((a, b) => buffersOf(a.plan) - buffersOf(b.plan)))
    if (/\bapp["]?\./.test(statement.text) && nodesOf(statement.plan).some(({ node }) => node["Relation Name"]))
      worst.set(statement.text, statement);
  return [...worst.values()].reverse();
};

/** Has PostgreSQL log the plan of each statement of new connections. Returns a function that reads the log from then on. */
const explainAll = async (admin: Sql) => {
  const settings = {
    session_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_format": "json",
    // Also the statements inside functions.
    "auto_explain.log_nested_statements": "on",
  };
  await admin.unsafe("load 'auto_explain'");
  const [database] = await admin`select current_database() as name`;
  for (const [name, value] of Object.entries(settings))
    await admin.unsafe(`alter database ${database!["name"]} set ${name} = '${value}'`);
  // scripts/services/up.mjs puts the log beside the data.
  const path = admin`current_setting('data_directory') || '/../postgres.log'`;
  return async () => {
    const [before] = await admin`select size from pg_stat_file(${path})`;
    return async (): Promise<Statement[]> => {
      const [read] = await admin`select pg_read_file(${path}, ${before!["size"]}, 1000000000) as text`;
      const logged = String(read!["text"]).matchAll(/duration: ([\d.]+) ms {2}plan:\n((?:\t.*\n)+)/g);
      return Array.from(logged, ([, ms, json]) => {
        // What auto_explain writes for the format `json`.
        const { "Query Text": text, Plan: plan } = JSON.parse(json!) as { "Query Text": string; Plan: Plan };
        return { text, ms: Number(ms), plan };
      });
    };
  };
};

/** Millions of rows, most of them finished, and large backlogs of single tenants. Ids are spread over the time that a row names. */
const seed = async (admin: Sql): Promise<void> => {
  await admin.unsafe(`
    set session_replication_role = replica;
    create function pg_temp.id_of(n bigint, at timestamptz) returns uuid language sql immutable as $$
      select (left(app.uuid_floor(at)::text, 14) || '7' || substr(md5(n::text)::uuid::text, 16, 4) || 'a' || substr(md5(n::text)::uuid::text, 21))::uuid $$;
    create temp table tenant as select id, row_number() over (order by id) - 1 as n from app.tenants;
    create temp table seed as
      select t.id as tenant_id, pg_temp.id_of(row_number() over (), now() - g.age * random()) as id, g.* from (values
        (null, 895800, 'ready', interval '30 days', null, null, null::interval, null::interval, null::interval),
        (null, 300, 'queued', '1 minute', 'sent', null, null, null, null),
        (null, 300, 'processing', '1 minute', 'sent', null, null, '20 seconds', null),
        (null, 300, 'processing', '10 minutes', 'sent', null, null, '-1 minute', null),
        (null, 300, 'awaiting_upload', '10 minutes', null, 'sent', '10 minutes', null, null),
        (null, 1000, 'awaiting_upload', '10 minutes', null, null, '10 minutes', null, null),
        (null, 20000, 'deleting', '30 days', null, null, null, null, '3 days'),
        (null, 1000, 'deleting', '30 days', null, null, null, null, '-1 hour'),
        (1, 50000, 'queued', '10 minutes', 'waiting', null, null, null, null),
        (2, 1000, 'awaiting_upload', '10 minutes', null, null, '10 minutes', null, null),
        (3, 10000, 'awaiting_upload', '10 minutes', null, 'waiting', null, null, null),
        (4, 20000, 'deleting', '30 days', null, null, null, null, '-1 hour')
      ) as g (tenant, documents, status, age, dispatch, fetching, expires, lease, purge)
      cross join lateral generate_series(1, g.documents) m join tenant t on t.n = coalesce(g.tenant, m % ${tenants});
    insert into app.documents (tenant_id, id, name, size_bytes, status, live_version, updated_at, purge_at)
      select tenant_id, id, 'a document', 1000, status, case status when 'ready' then 1 end, app.uuid_time(id), now() + purge from seed;
    insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes, dispatch, fetching, source_url,
        upload_expires_at, lease_until, stored_at, charged_bytes)
      select tenant_id, id, 1, id, '', 1000, dispatch, fetching, case when fetching is not null then 'http://127.0.0.1:9/' end,
        now() + expires, now() + lease, case when status <> 'awaiting_upload' then now() end, case when fetching is null then 1000 else 0 end from seed;
    insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data)
      select t.id, pg_temp.id_of(m, now() - interval '30 days' * (1 - m / 1e5)), 1000 + m, 'document.ready', 1, '', 'document', '', '{}'
      from generate_series(1, 100000) m join tenant t on t.n = m % ${tenants};
    update app.heads set event_sequence = 101000;
    create temp table hook as select w.tenant_id, w.id, w.tenant_id = t.id as is_large, row_number() over (partition by w.tenant_id = t.id) - 1 as n
      from app.webhooks w, tenant t where t.n = 0;
    insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, status, next_attempt_at, in_flight_until)
      select h.tenant_id, i.id, i.id, h.id, 'document.ready', s.status, case s.status when 'pending' then now() - interval '1 minute' end,
        case when s.status = 'pending' and m <= 40 then now() + make_interval(mins => case when m <= 8 then -1 else 4 end) end
      from generate_series(1, 1000000) m
        cross join lateral (select pg_temp.id_of(m, now() - interval '30 days' * (1 - m / 1e6)) as id) i
        cross join lateral (select case when m % 2 = 0 then 'pending' else 'delivered' end as status) s
        join hook h on h.is_large = (s.status = 'pending') and h.n = m / 2 % (case when s.status = 'pending' then 100 else 297 end);
    insert into app.outbox (id, tenant_id, topic, body, parked_at)
      select pg_temp.id_of(m, now() - interval '1 hour' * (1 - m / 1e6)), t.id, 'onboarding', '{}', case when m % 5000 = 0 then now() end
      from generate_series(1, 1000000) m join tenant t on t.n = case when m % 1000 = 0 then m / 1000 % ${tenants} else 0 end;
    insert into app.idempotency_keys (tenant_id, route, key, fingerprint, claim_id, expires_at, actor)
      select t.id, 'POST /api/v1/documents', m::text, '', t.id, now() + interval '1 minute' * (m - 20000), '' from generate_series(1, 100000) m join tenant t on t.n = m % ${tenants};
    insert into app.sweep_errors (tenant_id, stage, id, error, due_at, parked_at)
      select tenant_id, 'documents', id, '', now() + interval '1 hour', case when lease > '0' then now() end from seed where lease is not null limit 500;
    insert into app.jobs (tenant_id, id, type, status, lease_until)
      select t.id, pg_temp.id_of(m, now() - interval '1 day'), 'reindex', case when m <= ${tenants} then 'running' else 'completed' end,
        case when m <= ${tenants} then now() - interval '1 minute' end from generate_series(1, 100000) m join tenant t on t.n = m % ${tenants};
    insert into app.onboarding_runs (tenant_id, id, status, request, checked_at)
      select t.id, pg_temp.id_of(m, now() - interval '1 day'), case when m <= ${tenants} then 'waiting' else 'completed' end, '{}', now() - interval '10 minutes'
      from generate_series(1, 100000) m join tenant t on t.n = m % ${tenants};
    set session_replication_role = origin`);
  await admin.unsafe("vacuum analyze");
};
