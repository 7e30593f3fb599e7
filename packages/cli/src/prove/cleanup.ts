import { everyItem, type Resolve, unwrap } from "@resolve/sdk";
import { allDocuments, caller, clientOf, pageQuery, type Tenant, until } from "./tenant.ts";

/** The removed objects, and those that could not be removed. */
export type Cleanup = { removed: string; remains: string[] };

const bulkMax = 100;
/** A separate signal, because the checks' signal is aborted when the proof is interrupted. */
const { signal } = new AbortController();

/**
 * Removes the objects of the temporary tenants, their first keys last, and the tenants when the API can delete tenants.
 * Continues after a failure, and names what could not be removed.
 */
export async function cleanUp(apiUrl: string, operatorKey: string, tenants: Tenant[]): Promise<Cleanup> {
  const log = new Log();
  for (const tenant of tenants) await empty(apiUrl, tenant, log);
  if (tenants.length > 0) await removeTenants(apiUrl, operatorKey, tenants, log);
  return { removed: log.removed, remains: log.remains };
}

class Log {
  readonly remains: string[] = [];
  readonly #counts = new Map<string, number>();

  get removed(): string {
    const parts = [...this.#counts].map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`);
    return parts.join(", ") || "nothing";
  }

  /** Runs `work` and counts it, or records why it failed. `what` is a plural. */
  async attempt(what: string, id: string, work: () => Promise<unknown>, count = 1): Promise<void> {
    try {
      await work();
      if (count > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
    } catch (error) {
      this.remains.push(`${what} ${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Removes each item of a list. */
  each<T extends { id: string }>(what: string, list: () => Promise<T[]>, remove: (item: T) => Promise<unknown>) {
    const all = async () => {
      for (const item of await list()) await this.attempt(what, item.id, () => remove(item));
    };
    return this.attempt(what, "could not be listed", all, 0);
  }
}

const empty = async (apiUrl: string, { key, keyId, runId }: Tenant, log: Log): Promise<void> => {
  const client = clientOf(apiUrl, key, signal);
  const list = <T>(read: (page: ReturnType<typeof pageQuery>) => Promise<{ data: T[]; nextCursor: string | null }>) =>
    Array.fromAsync(everyItem((cursor) => read(pageQuery(cursor))));
  // A running onboarding could add documents after they have been listed here.
  await log.attempt("onboardings", runId, () => onboardingEnded(client, runId), 0);

  const webhooks = () => list((page) => unwrap(client.GET("/api/v1/webhooks", page)));
  await log.each("webhooks", webhooks, ({ id: webhookId }) =>
    unwrap(client.DELETE("/api/v1/webhooks/{webhookId}", { params: { path: { webhookId } } })),
  );
  const jobs = async () => {
    const all = await list((page) => unwrap(client.GET("/api/v1/jobs", page)));
    return all.filter(({ status }) => status === "queued" || status === "running");
  };
  await log.each("running jobs", jobs, ({ id: jobId }) =>
    unwrap(client.POST("/api/v1/jobs/{jobId}/cancel", { params: { path: { jobId } } })),
  );
  await removeDocuments(client, log);
  const collections = () => list((page) => unwrap(client.GET("/api/v1/collections", page)));
  await log.each("collections", collections, ({ id: collectionId }) =>
    unwrap(client.DELETE("/api/v1/collections/{collectionId}", { params: { path: { collectionId } } })),
  );
  const invitations = async () => {
    const all = await list((page) => unwrap(client.GET("/api/v1/invitations", page)));
    return all.filter(({ status }) => status === "pending");
  };
  await log.each("invitations", invitations, ({ id: invitationId }) =>
    unwrap(client.DELETE("/api/v1/invitations/{invitationId}", { params: { path: { invitationId } } })),
  );
  const groups = () => list((page) => unwrap(client.GET("/api/v1/groups", page)));
  await log.each("groups", groups, ({ id: groupId }) =>
    unwrap(client.DELETE("/api/v1/groups/{groupId}", { params: { path: { groupId } } })),
  );
  const keys = async () => {
    const all = await list((page) => unwrap(client.GET("/api/v1/api-keys", page)));
    // The key of these requests is revoked last.
    return all
      .filter(({ id, revokedAt }) => revokedAt === null && id !== keyId)
      .concat(all.filter(({ id }) => id === keyId));
  };
  await log.each("API keys", keys, ({ id: apiKeyId }) =>
    unwrap(client.DELETE("/api/v1/api-keys/{apiKeyId}", { params: { path: { apiKeyId } } })),
  );
};

const onboardingEnded = (client: Resolve, runId: string): Promise<unknown> => {
  const params = { path: { runId }, query: { waitSeconds: 5 } };
  const read = () => unwrap(client.GET("/api/v1/onboarding/{runId}", { params }));
  return until("the onboarding", read, ({ status }) => status !== "running");
};

const removeDocuments = async (client: Resolve, log: Log): Promise<void> => {
  const documents = await allDocuments(client).catch((error: Error) => {
    log.remains.push(`documents could not be listed: ${error.message}`);
    return [];
  });
  for (let n = 0; n < documents.length; n += bulkMax) {
    const documentIds = documents.slice(n, n + bulkMax).map(({ id }) => id);
    const remove = async () => {
      const { data } = await unwrap(client.POST("/api/v1/documents/bulk", { body: { action: "delete", documentIds } }));
      const refused = data.find(({ problem }) => problem !== null);
      if (refused) throw new Error(`${refused.documentId}: ${refused.problem?.detail}`);
    };
    await log.attempt("documents", `${documentIds[0]} …`, remove, documentIds.length);
  }
};

/** Removes the tenants when the system's OpenAPI document has a route for it. */
const removeTenants = async (apiUrl: string, operatorKey: string, tenants: Tenant[], log: Log): Promise<void> => {
  const call = caller(apiUrl, operatorKey, signal);
  const document = await call("GET", "/api/openapi.json").catch(() => undefined);
  const canDelete = "delete" in Object(Object(document?.json["paths"])["/api/v1/tenants/{tenantId}"]);
  for (const { id } of tenants) {
    if (!canDelete) log.remains.push(`tenant ${id}: empty, its keys are revoked; this API cannot delete tenants`);
    else
      await log.attempt("tenants", id, async () => {
        const { status, text } = await call("DELETE", `/api/v1/tenants/${id}`);
        if (status >= 300) throw new Error(`${status} ${text}`);
      });
  }
};
