import { isolateTenant, type Upload } from "@resolve/core/documents";
import { reserveTenant } from "@resolve/core/identity";
import { type Ctx, systemCtx, tenantCtx } from "@resolve/core/platform/context";
import { type Id, newId } from "@resolve/core/platform/id";

/** What the tenants of this scenario send, and how it ends when nothing goes wrong. */
const sentence = (n: number) => `Sentence ${n} says that the lens number ${n * 7} is serviced in week ${n % 52}.`;
const prose = (sentences: number) => Array.from({ length: sentences }, (_, n) => sentence(n)).join(" ");
export const contents = {
  short: { bytes: Buffer.from("A short note about lenses."), outcome: "ready" },
  long: { bytes: Buffer.from(prose(2_500)), outcome: "ready" },
  page: {
    bytes: Buffer.from(`<!doctype html><h1>Care</h1><p>${prose(40)}</p><h2>More</h2><p>${prose(20)}</p>`),
    outcome: "ready",
  },
  table: {
    bytes: Buffer.from(`article,price\n${Array.from({ length: 60 }, (_, n) => `L-${n},${n}`).join("\n")}\n`),
    outcome: "ready",
  },
  broken: { bytes: Buffer.from("%PDF-1.7 and nothing more"), outcome: "corrupt" },
  picture: { bytes: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), outcome: "no-text" },
} as const;
export type Content = keyof typeof contents;
export const contentNames = Object.keys(contents) as Content[];

export type Modelled = { id: Id<"document">; versions: Content[] };
/** Rows of a served version, in one comparable line each. */
export type Snapshot = string[];
/** Models that the tenants of this scenario change between; new ones begin with the first. */
export const models = ["double", "static-v1"] as const;
export type Model = (typeof models)[number];
/** What each content becomes with each model. */
export type Clean = Map<string, Snapshot>;
export const cleanKey = (content: Content, model: Model) => `${content} ${model}`;

export const uploaded = async (upload: Upload | undefined, content: Content): Promise<void> => {
  if (!upload) return;
  const { status } = await fetch(upload.url, { method: "PUT", headers: upload.headers, body: contents[content].bytes });
  // 412: a renewed URL for bytes that are stored already.
  if (status !== 200 && status !== 412) throw new Error(`the upload answered ${status}`);
};

export const newTenant = async (): Promise<Ctx> => {
  const actor = { type: "system", job: "faults" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Faults" }, {});
  await isolateTenant(ctx);
  return ctx;
};
export const asWorker = (ctx: Ctx): Ctx => systemCtx({ tenantId: ctx.tenantId, job: "faults" });

export const newUpload = (content: Content) => ({
  name: content === "table" ? "table.csv" : content,
  contentType: "application/octet-stream",
  sizeBytes: contents[content].bytes.length,
});
