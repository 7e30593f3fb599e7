import { everyItem, type Resolve, unwrap } from "@resolve/sdk";
import { allDocuments, caller, clientOf, pageQuery, type Tenant, until } from "./tenant.ts";

/** What was removed, and what could not be. */
export type Cleanup = { removed: string; remains: string[] };

const bulkMax = 100;

/**
 * Removes all that the temporary tenants hold, their first keys last, and the tenants themselves where the API can. Goes
 * on after a failure: what could not be removed is named.
 */
export async function cleanUp(apiUrl: string, operatorKey: string, tenants: Tenant[]): Promise<Cleanup> {
  // Its own clients: those of the checks end when the proof is interrupted.
  const signal = new AbortController().signal;
  const counts = new Map<string, number>();
  const remains: string[] = [];
  const remove = async (what: string, id: string, work: () => Promise<unknown>, count = 1) => {
    try {
      await work();
      counts.set(what, (counts.get(what) ?? 0) + count);
    } catch (error) {
      remains.push(`${what} ${id}: ${(error as Error).message}`);
    }
  };
  const each = async <T>(what: string, id: string, list: () => Promise<T[]>, work: (item: T) => Promise<void>) => {
    try {
      for (const item of await list()) await work(item);
    } catch (error) {
      remains.push(`${what} of ${id}: ${(error as Error).message}`);
    }
  };

  for (const { id, key, keyId, runId } of tenants) {
    const client = clientOf(apiUrl, key, signal);
    // An onboarding that still runs would add its documents after those here have been listed.
    await onboardingEnded(client, runId).catch((error: Error) => remains.push(`onboarding ${runId}: ${error.message}`));
    const list = <T>(read: (page: ReturnType<typeof pageQuery>) => Promise<{ data: T[]; nextCursor: string | null }>) =>
      Array.fromAsync(everyItem((cursor) => read(pageQuery(cursor))));
    const webhooks = () => list((page) => unwrap(client.GET("/api/v1/webhooks", page)));
    await each("webhooks", id, webhooks, (webhook) =>
      remove("webhooks", webhook.id, () =>
        unwrap(client.DELETE("/api/v1/webhooks/{webhookId}", { params: { path: { webhookId: webhook.id } } })),
      ),
    );
    const jobs = () => list((page) => unwrap(client.GET("/api/v1/jobs", page)));
    await each("jobs", id, jobs, async (job) => {
      if (job.status !== "queued" && job.status !== "running") return;
      const params = { path: { jobId: job.id } };
      await remove("running jobs", job.id, () => unwrap(client.POST("/api/v1/jobs/{jobId}/cancel", { params })));
    });
    const pages = async () => {
      const ids = (await allDocuments(client)).map((document) => document.id);
      return Array.from({ length: Math.ceil(ids.length / bulkMax) }, (_, n) =>
        ids.slice(n * bulkMax, (n + 1) * bulkMax),
      );
    };
    await each("documents", id, pages, async (documentIds) => {
      await remove(
        "documents",
        id,
        async () => {
          const { data } = await unwrap(
            client.POST("/api/v1/documents/bulk", { body: { action: "delete", documentIds } }),
          );
          const refused = data.find(({ problem }) => problem !== null);
          if (refused) throw new Error(`${refused.documentId}: ${refused.problem?.detail}`);
        },
        documentIds.length,
      );
    });
    const collections = () => list((page) => unwrap(client.GET("/api/v1/collections", page)));
    await each("collections", id, collections, (collection) =>
      remove("collections", collection.id, () =>
        unwrap(
          client.DELETE("/api/v1/collections/{collectionId}", { params: { path: { collectionId: collection.id } } }),
        ),
      ),
    );
    const revoke = (apiKeyId: string) =>
      remove("API keys", apiKeyId, () =>
        unwrap(client.DELETE("/api/v1/api-keys/{apiKeyId}", { params: { path: { apiKeyId } } })),
      );
    const keys = () => list((page) => unwrap(client.GET("/api/v1/api-keys", page)));
    await each("API keys", id, keys, async (one) => {
      if (one.revokedAt === null && one.id !== keyId) await revoke(one.id);
    });
    await revoke(keyId);
  }
  if (tenants.length > 0) await removeTenants(apiUrl, operatorKey, tenants, remove, remains);
  return {
    removed:
      [...counts].map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`).join(", ") || "nothing",
    remains,
  };
}

const onboardingEnded = (client: Resolve, runId: string): Promise<unknown> => {
  const params = { path: { runId }, query: { waitSeconds: 5 } };
  const read = () => unwrap(client.GET("/api/v1/onboarding/{runId}", { params }));
  return until("the onboarding", read, ({ status }) => status !== "running");
};

/** The system's own description says whether it can remove tenants. */
const removeTenants = async (
  apiUrl: string,
  operatorKey: string,
  tenants: Tenant[],
  remove: (what: string, id: string, work: () => Promise<unknown>) => Promise<void>,
  remains: string[],
): Promise<void> => {
  const described = await fetch(`${apiUrl}/openapi.json`).then(
    (response) => response.json() as Promise<{ paths: Record<string, object> }>,
    () => undefined,
  );
  if (!("delete" in (described?.paths["/api/v1/tenants/{tenantId}"] ?? {}))) {
    for (const { id } of tenants)
      remains.push(`tenant ${id}: empty, its keys are revoked; this API cannot delete tenants`);
    return;
  }
  const call = caller(apiUrl, operatorKey, new AbortController().signal);
  for (const { id } of tenants)
    await remove("tenants", id, async () => {
      const { status, text } = await call("DELETE", `/api/v1/tenants/${id}`);
      if (status >= 300) throw new Error(`${status} ${text}`);
    });
};
