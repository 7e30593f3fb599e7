import type { AuditAction } from "./audit-actions.ts";
import { type Db, glance, type Login, literal, transaction } from "./database/connections.ts";
import { envelopeOf } from "./envelope.ts";
import { type Id, type IdKind, newId, newUuid, toUuid } from "./id.ts";
import type { Amounts, Meter } from "./meter.ts";
import { continueTrace } from "./trace.ts";
import { wideEvent } from "./wide-event.ts";

export type Actor =
  | { type: "apiKey"; id: Id<"apiKey"> }
  | { type: "user"; id: Id<"user"> }
  | { type: "system"; job: string };

export type AuditEntry = { action: AuditAction; subject: string; detail?: Record<string, unknown> };
export type OutgoingEvent = {
  id: Id<"event">;
  type: string;
  version: number;
  subject: { type: string; id: string };
  data: Record<string, unknown>;
};
export type OutgoingMessage = {
  topic: string;
  groupKey?: string;
  delaySeconds?: number;
  body: Record<string, unknown>;
};

/** The `Idempotency-Key` of a request, and the attempt that may use it. `app.record` marks its row. */
export type Claim = { tenant: string; route: string; key: string; id: string };

type Records = { audit: AuditEntry[]; events: OutgoingEvent[]; messages: OutgoingMessage[]; usage: Amounts };

/** A key of this module, so that no other code can construct a context: the context decides the tenant. */
const key = Symbol("context");

/**
 * The caller and the tenant. First parameter of every domain function. Inside `withTx` it has the transaction, and collects
 * the audit entries, events and messages that are written just before commit.
 */
export class Ctx {
  readonly tenantId: Id<"tenant">;
  readonly actor: Actor;
  /** The role that access lists of collections compare (`listedRole`), or `system` without a tenant's credential. */
  readonly role: string;
  /** Expanded `resource:action` pairs and how far each reaches: `any`, `own` or `self`. `*` stands for all. */
  readonly permissions: ReadonlyMap<string, string>;
  /** When the credential expires; null when it does not. */
  readonly expiresAt: Date | null;
  /** Of an API key that is limited to some; null for every other caller. Row-level security hides all other documents. */
  readonly collections: readonly Id<"collection">[] | null;
  readonly requestId: string;
  /** Of the request or message in its trace (W3C Trace Context): what it causes continues it. */
  readonly traceparent: string;
  readonly login: Login;
  /** Of a request with an `Idempotency-Key`; undefined otherwise. */
  readonly claim: Claim | undefined;
  readonly #db: Db | undefined;
  readonly #records: Records | undefined;
  /** True when a transaction of this context has written to the outbox: the API then relays before it responds. */
  readonly written: { outbox: boolean };

  constructor(proof: symbol, fields: Fields, tx?: { db: Db; records: Records }) {
    if (proof !== key) throw new Error("only tenantCtx creates a Ctx");
    this.tenantId = fields.tenantId;
    this.actor = fields.actor;
    this.role = fields.role;
    this.permissions = fields.permissions;
    this.expiresAt = fields.expiresAt;
    this.collections = fields.collections;
    this.requestId = fields.requestId;
    this.traceparent = fields.traceparent;
    this.login = fields.login;
    this.claim = fields.claim;
    this.written = fields.written;
    this.#db = tx?.db;
    this.#records = tx?.records;
  }

  get isInTransaction(): boolean {
    return this.#db !== undefined;
  }

  /** @throws Error outside `withTx`. */
  get db(): Db {
    if (!this.#db) throw new Error("the database must be used inside withTx");
    return this.#db;
  }

  /** For SQL text; as a parameter use `tenantId`. */
  get tenantUuid(): string {
    return toUuid(this.tenantId);
  }

  get records(): Records {
    if (!this.#records) throw new Error("audit entries and events must be recorded inside withTx");
    return this.#records;
  }
}

type Fields = Pick<
  Ctx,
  | "tenantId"
  | "actor"
  | "role"
  | "permissions"
  | "expiresAt"
  | "collections"
  | "requestId"
  | "traceparent"
  | "login"
  | "claim"
  | "written"
>;

/** A context for one request or message. Without `permissions` the caller has none. */
export const tenantCtx = (input: {
  tenantId: Id<"tenant">;
  actor: Actor;
  role: string;
  login: Login;
  permissions?: ReadonlyMap<string, string>;
  expiresAt?: Date | null;
  collections?: readonly Id<"collection">[] | null;
  requestId?: string | undefined;
  traceparent?: string | undefined;
}): Ctx =>
  new Ctx(key, {
    tenantId: input.tenantId,
    actor: input.actor,
    role: input.role,
    login: input.login,
    permissions: input.permissions ?? new Map(),
    expiresAt: input.expiresAt ?? null,
    collections: input.collections ?? null,
    requestId: input.requestId ?? newId("request"),
    traceparent: input.traceparent ?? continueTrace().traceparent,
    claim: undefined,
    written: { outbox: false },
  });

/** A context of the system for a tenant, with the worker login: for consumers and schedules. */
export const systemCtx = (input: { tenantId: Id<"tenant">; job: string; traceparent?: string | undefined }): Ctx =>
  tenantCtx({
    ...input,
    actor: { type: "system", job: input.job },
    role: "system",
    login: "WorkerDatabase",
    permissions: new Map([["*", "any"]]),
  });

/** The same caller in another tenant, for the operator. The route has checked the permission. */
export const inTenant = (ctx: Ctx, tenantId: Id<"tenant">): Ctx => {
  if (ctx.isInTransaction) throw new Error("a transaction cannot change its tenant");
  return new Ctx(key, { ...fieldsOf(ctx), tenantId });
};

/** The same caller on the read replica. Only `withReadTx` knows whether that one has what the caller may expect. */
export const onReplica = (ctx: Ctx): Ctx => new Ctx(key, { ...fieldsOf(ctx), login: "ReplicaDatabase" });

/** The same caller with an `Idempotency-Key`: each transaction that records something marks the key as done. */
export const withClaim = (ctx: Ctx, claim: Claim): Ctx => new Ctx(key, { ...fieldsOf(ctx), claim });

/**
 * Runs `work` in one transaction as the tenant, or joins the caller's. Before commit, one database function writes all that
 * `recordAudit`, `publish` and `enqueue` collected, and that the request's `Idempotency-Key` is done.
 *
 * @throws Error with code 40001 when another request has taken over the `Idempotency-Key`.
 */
export async function withTx<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  if (ctx.isInTransaction) return work(ctx);
  // A setting of the transaction, as all of `app.enter`: it needs no round trip of its own.
  const claim = ctx.claim ? `, set_config('app.claim', ${literal(json(ctx.claim))}, true)` : "";
  const enter = `${entering(ctx)}${claim}`;
  return transaction(ctx.login, enter, async (db, sql) => {
    const records: Records = { audit: [], events: [], messages: [], usage: {} };
    const result = await work(new Ctx(key, fieldsOf(ctx), { db, records }));
    const { audit, events, messages, usage } = records;
    if (audit.length + events.length + messages.length > 0) {
      await sql`select app.record(${json(audit.map(auditRow))}::jsonb, ${json(events.map((event) => eventRow(ctx, event)))}::jsonb,
        ${json(messages.map(messageRow))}::jsonb)`;
      if (events.length + messages.length > 0) ctx.written.outbox = true;
    }
    if (Object.keys(usage).length > 0) await sql`select app.count_usage(${json(usage)}::jsonb)`;
    return result;
  });
}

/** The rows of a statement without parameters, as the tenant in one round trip. It must record nothing: no audit, no event. */
export const glanceAt = <T>(ctx: Ctx, statement: string): Promise<T[]> => glance(ctx.login, entering(ctx), statement);

const entering = (ctx: Ctx): string => {
  const limited = ctx.collections
    ? `, set_config('app.key_collections', ${literal(`{${ctx.collections.map(toUuid).join()}}`)}, true)`
    : "";
  const actor = literal(actorName(ctx.actor));
  return `app.enter(${literal(ctx.tenantUuid)}, ${actor}, ${literal(ctx.requestId)}, ${literal(ctx.role)})${limited}`;
};

/** A transaction that reads all tenants, for the operator. The route has checked that the caller is an `admin`. */
export const withPlatformTx = <T>(ctx: Ctx, work: (db: Db) => Promise<T>): Promise<T> =>
  transaction("AppDatabase", `app.enter_platform(${literal(actorName(ctx.actor))}, ${literal(ctx.requestId)})`, work);

/** A transaction across all tenants, for the relay, the sweep and maintenance, limited to their tables. */
export const withSystemTx = <T>(job: string, work: (db: Db) => Promise<T>): Promise<T> =>
  transaction("SystemDatabase", `app.enter_system(${literal(job)})`, work);

export const recordAudit = (ctx: Ctx, entry: AuditEntry): void => {
  ctx.records.audit.push(entry);
};

/** Counts these amounts, in the transaction of what they count: work that is repeated without a change counts nothing. */
export const recordUsage = (ctx: Ctx, amounts: Amounts): void => {
  const { usage } = ctx.records;
  for (const [meter, amount] of Object.entries(amounts) as [Meter, number][]) {
    if (amount > 0) usage[meter] = (usage[meter] ?? 0) + amount;
  }
};

/** Adds a message for a queue to the outbox; it is sent after the commit. */
export const enqueue = (ctx: Ctx, message: OutgoingMessage): void => {
  ctx.records.messages.push(message);
};

/** Returns the id that the event will have. */
export const recordEvent = (ctx: Ctx, event: Omit<OutgoingEvent, "id">): Id<"event"> => {
  const id = newId("event");
  ctx.records.events.push({ ...event, id });
  return id;
};

export const actorName = (actor: Actor): string =>
  actor.type === "system" ? `system:${actor.job}` : `${actor.type}:${actor.id}`;

const fieldsOf = (ctx: Ctx): Fields => ({
  tenantId: ctx.tenantId,
  actor: ctx.actor,
  role: ctx.role,
  permissions: ctx.permissions,
  expiresAt: ctx.expiresAt,
  collections: ctx.collections,
  requestId: ctx.requestId,
  traceparent: ctx.traceparent,
  login: ctx.login,
  claim: ctx.claim,
  written: ctx.written,
});

const json = (value: unknown): string => JSON.stringify(value);
const auditRow = (entry: AuditEntry) => ({ id: newUuid(), detail: {}, ...entry });
/** A message has the `tracestate` of what is under way. A body that continues another trace has its own instead: a delivery that of its event. */
const messageRow = (message: OutgoingMessage) => ({
  id: newUuid(),
  ...message,
  body: { tracestate: tracestate(), ...message.body },
});

/** Of the request or message under way, whose `traceparent` its contexts have. */
const tracestate = () => wideEvent()?.trace.tracestate;

const eventRow = (ctx: Ctx, { id, type, version, subject, data }: OutgoingEvent) => {
  const actor = actorName(ctx.actor);
  const { tenantId, traceparent } = ctx;
  const row = {
    type,
    version,
    actor,
    subjectType: subject.type,
    subjectId: subject.id,
    data,
    traceparent,
    tracestate: tracestate(),
  };
  // `app.record` replaces the sequence, because it assigns the tenant's next number.
  const envelope = envelopeOf({ ...row, id, tenantId, sequence: 0 });
  return { ...row, id: toUuid(id), envelope };
};

export type { Db } from "./database/connections.ts";
export type { Id, IdKind };
