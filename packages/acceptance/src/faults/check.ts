import { get } from "@resolve/core/documents";
import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import type { Engine } from "./engine.ts";
import { asWorker, type Clean, cleanKey, contents, type Model, type Modelled, type Snapshot } from "./fixtures.ts";

type Settings = { serving: Model; next: Model | null; jobs: string[]; others: number };

/** What is not as it must be, in words; nothing when all is well. */
export const faultsFound = async (engine: Engine, ctx: Ctx, documents: Modelled[], clean: Clean): Promise<string[]> => {
  const faults: string[] = [];
  const tenant = ctx.tenantId;
  const [settings] = await engine.admin`select serving, next,
    array(select type || ' is ' || status || coalesce(': ' || (failure->>'code'), '') from app.jobs
      where tenant_id = ${tenant} and status not in ('completed', 'cancelled')) as jobs,
    (select count(*)::int from app.embeddings v where v.tenant_id = ${tenant} and v.model <> e.serving) as others
    from app.embedders e where tenant_id = ${tenant}`;
  const { serving, next, jobs: unfinished, others } = settings as unknown as Settings;
  for (const job of unfinished) faults.push(`${job} instead of completed`);
  if (next !== null) faults.push(`${next} is still being made ready`);
  if (others !== 0) faults.push(`${others} vectors of a model that is not asked any more`);
  for (const { id, versions } of documents) {
    const document = await get(asWorker(ctx), id);
    const content = versions[document.version - 1]!;
    const { outcome } = contents[content];
    const ended = document.status === "failed" ? document.failure!.code : document.status;
    const served =
      document.liveVersion === null ? [] : clean.get(cleanKey(versions[document.liveVersion - 1]!, serving))!;
    if (document.version !== versions.length)
      faults.push(`${id} is at version ${document.version} of ${versions.length}`);
    if (document.status !== "deleting" && ended !== outcome)
      faults.push(`${id} (${content}) ended ${ended} instead of ${outcome}`);
    if (ended === "ready" && document.liveVersion !== document.version)
      faults.push(`${id} is ready and serves another version`);
    if (JSON.stringify(await snapshotOf(engine, id, serving)) !== JSON.stringify(served))
      faults.push(`${id} serves other chunks than a clean run`);
    if ((await versionsOf(engine, id)).some((version) => version !== document.liveVersion))
      faults.push(`${id} kept chunks of another version`);
  }
  const [row] = await engine.admin`select
    (select coalesce(jsonb_agg(sequence order by sequence), '[]') from app.events where tenant_id = ${tenant}) as events,
    (select event_sequence::int from app.heads where tenant_id = ${tenant}) as head,
    (select count(*)::int from app.document_versions where tenant_id = ${tenant} and (dispatch is not null or lease_until is not null)) as held,
    (select coalesce(sum(charged_bytes), 0)::int from app.document_versions where tenant_id = ${tenant}) as charged,
    (select bytes::int from app.storage where tenant_id = ${tenant}) as bytes`;
  const sequences = row!["events"] as number[];
  if (sequences.some((sequence, n) => sequence !== n + 1) || sequences.length !== row!["head"])
    faults.push("the event log has a gap");
  const published = new Set(engine.published.map(({ detail }) => detail.sequence));
  if (sequences.some((sequence) => !published.has(sequence))) faults.push("an event never reached the bus");
  if (row!["held"] !== 0) faults.push("a lease or a place in the queue is still taken");
  if (row!["charged"] !== row!["bytes"]) faults.push(`storage counts ${row!["bytes"]} bytes of ${row!["charged"]}`);
  const isPoison = (body: string) => body === "not json" || body === '{"tenantId":1}';
  if (engine.pending.some(({ body }) => isPoison(body))) faults.push("poison is still in the queue");
  const [ready] =
    await engine.admin`select count(*)::int as n from (select subject_id, data->>'version' as version from app.events
    where tenant_id = ${tenant} and type = 'document.ready' group by 1, 2 having count(*) > 1) twice`;
  if (ready!["n"] !== 0) faults.push("a version became ready twice");
  return faults;
};

export const snapshotOf = async (engine: Engine, id: Id<"document">, model: Model): Promise<Snapshot> => {
  const rows = await engine.admin`
    select c.version, c.ordinal, c.page, c.headings, c.char_start, c.char_end, c.tokens, encode(c.content_hash, 'hex') as hash,
      md5(c.tsv::text || c.terms::text) as terms, md5(e.embedding::text) as embedding
    from app.chunks c full join (select * from app.embeddings where model = ${model}) e
      on e.tenant_id = c.tenant_id and e.document_id = c.document_id and e.version = c.version and e.ordinal = c.ordinal
    where coalesce(c.document_id, e.document_id) = ${id} order by 1, 2`;
  return rows.map(({ version: _, ...row }) => JSON.stringify(row));
};

const versionsOf = async (engine: Engine, id: Id<"document">): Promise<number[]> =>
  (
    await engine.admin`select r.version * d.index_sign as version from app.documents d join (
        select document_id, version from app.chunks union select document_id, version from app.embeddings) r on r.document_id = d.id
      where d.id = ${id}`
  ).map((row) => row["version"] as number);
