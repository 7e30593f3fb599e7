import { reserveTenant } from "@resolve/core/identity";
import { measureCorpora } from "@resolve/core/jobs";
import { type Ctx, tenantCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { newId, newUuid } from "@resolve/core/platform/id";
import { extract } from "@resolve/extraction/extract";
import { defaultLimits } from "@resolve/extraction/extraction";
import { readPlain } from "@resolve/extraction/formats/plain";
import { databaseLinks, testDatabase } from "@resolve/local/testing";
import { chunk } from "../../../core/src/documents/index/chunk.ts";
import { embedChunks, modelsOf } from "../../../core/src/documents/index/embedding.ts";
import { isolateTenant } from "../../../core/src/documents/index/isolate.ts";
import { addLanguage, languageOf } from "../../../core/src/documents/index/language.ts";
import { writeParts } from "../../../core/src/documents/index/write.ts";

export type Library = Awaited<ReturnType<typeof startLibrary>>;
/** A file, or a text that was sent as one. */
export type LibraryDocument = { name: string; content: string | Buffer };

/**
 * A database whose documents are read, split and indexed by the code of the pipeline, but without its queues and functions:
 * thousands of questions need no running system.
 */
export const startLibrary = async () => {
  const database = await testDatabase();
  process.env["SST_RESOURCES_JSON"] = databaseLinks(database);
  const admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const actor = { type: "system", job: "bench" } as const;

  const add = async (ctx: Ctx, { name, content }: LibraryDocument): Promise<void> => {
    const bytes = Buffer.from(content);
    const hint = { name, isText: typeof content === "string" };
    const extraction = (await readPlain(bytes, hint, defaultLimits)) ?? (await extract(bytes, hint, defaultLimits));
    const chunks = await chunk(extraction, defaultLimits);
    const { text } = extraction;
    const language = await languageOf(text);
    await addLanguage(ctx, language);
    const embeddings = await embedChunks(ctx, chunks, await modelsOf(ctx));
    const [id, tenant] = [newId("document"), ctx.tenantId];
    await admin`insert into app.documents (tenant_id, id, name, size_bytes, status, live_version, chunks, language)
      values (${tenant}, ${id}, ${name}, ${bytes.length}, 'ready', 1, ${chunks.length}, ${language})`;
    await admin`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes)
      values (${tenant}, ${id}, 1, ${newUuid()}, ${newUuid()}, ${bytes.length})`;
    const index = { text, language, chunks, embeddings };
    await withTx(ctx, (ctx) => writeParts({ id, version: 1 }, index, (_, write) => write(ctx)));
  };

  return {
    /** A new tenant with these documents. */
    async newTenant(documents: readonly LibraryDocument[]): Promise<Ctx> {
      const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "WorkerDatabase" });
      const { ctx } = await reserveTenant(operator, { name: "Acme" }, {});
      await isolateTenant(ctx);
      for (const document of documents) await add(ctx, document);
      // The sweep does this twice a minute.
      await measureCorpora();
      // Autovacuum does this once a minute. With plans that sessions made before it, a search takes nearly twice as long.
      await admin`analyze`;
      const permissions = new Map([["*", "any"]] as const);
      return tenantCtx({ tenantId: ctx.tenantId, actor, role: "system", login: "AppDatabase", permissions });
    },
    async close() {
      await closeDatabases();
      await admin.end();
      await database.close();
    },
  };
};
