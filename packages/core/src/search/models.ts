import { createHash } from "node:crypto";
import { modelsOf } from "../documents/index.ts";
import type { Ctx } from "../platform/context.ts";
import { Problem } from "../platform/problems.ts";
import { cache } from "../platform/services/cache.ts";
import { EmbedderUnavailable, embedderOf } from "../platform/services/embedder.ts";
import type { Found, Models, Request } from "./statement.ts";

const queryVectorSeconds = 3_600;

/** Embeds the query; a service's result is cached for an hour. Null when the service is unavailable. @throws Problem `unavailable` in mode `vector` */
export const embedQuery = async (
  ctx: Ctx,
  model: string,
  words: string,
  mode: "hybrid" | "keyword" | "vector",
): Promise<Request["vector"]> => {
  try {
    const embedder = embedderOf(model);
    // One text gives one vector.
    const embed = async () => (await embedder.embed([words], "query"))[0]!;
    const isUnderstood = embedder.understands?.(words) ?? true;
    if (embedder.isBuiltIn) return { model, values: await embed(), isUnderstood };
    const key = createHash("sha256").update(`${model} ${words}`).digest("base64url");
    const load = async () => Array.from(await embed());
    const values = await cache.get(ctx, "query-vectors", key, { ttlSeconds: queryVectorSeconds, load });
    return { model, values: Float32Array.from(values ?? (await load())), isUnderstood };
  } catch (error) {
    if (!(error instanceof EmbedderUnavailable)) throw error;
    if (mode === "vector") throw new Problem("unavailable", undefined, { retryAfterSeconds: 5 }, { cause: error });
    return null;
  }
};

export type ModelState = Pick<Models, "serving" | "isIndexed">;

const tenantsMax = 10_000;
/** The models of each tenant at its last search. */
const lastModels = new Map<string, ModelState>();
/** The models may change again between attempts; the third result is returned in any case. */
const attemptsMax = 3;

/**
 * Searches with the models of the tenant's last search, which saves a query before it. The result contains the current
 * models; when they differ, the search is repeated with them.
 */
export const withModels = async <T extends { found: Found }>(
  ctx: Ctx,
  searchWith: (models: ModelState) => Promise<T>,
): Promise<T> => {
  const { tenantId } = ctx;
  try {
    for (let attempt = 1; ; attempt++) {
      const assumed = lastModels.get(tenantId) ?? (await modelsOf(ctx));
      const result = await searchWith(assumed);
      const current = result.found.models ?? assumed;
      if (lastModels.size >= tenantsMax) lastModels.clear();
      lastModels.set(tenantId, current);
      const isSame = current.serving === assumed.serving && current.isIndexed === assumed.isIndexed;
      if (isSame || attempt === attemptsMax) return result;
    }
  } catch (error) {
    // The failed service may belong to a model that the tenant no longer uses, so the next search reads the models again.
    lastModels.delete(tenantId);
    throw error;
  }
};
