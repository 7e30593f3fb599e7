import { documentSettled, unwrap } from "@resolve/sdk";
import { allDocuments, type Tenant, until } from "./tenant.ts";

/** Creates or finds one object of each kind; returns their ids by prefix. */
export const createObjects = async ({ client, call, ...b }: Tenant): Promise<Record<string, string>> => {
  await until(
    "the documents",
    () => allDocuments(client),
    (all) => all.length >= 3 && all.every(({ status }) => status === "ready"),
  );
  const [document] = await allDocuments(client);
  // `until` has returned a list with at least three documents; below there is a version and a delivery for the same reason.
  const path = { documentId: document!.id };
  const { collection } = await unwrap(client.POST("/api/v1/collections", { body: { name: `Private ${b.marker}` } }));
  await unwrap(
    client.PATCH("/api/v1/documents/{documentId}", { params: { path }, body: { collectionId: collection.id } }),
  );
  await unwrap(
    client.POST("/api/v1/documents/{documentId}/versions", {
      params: { path },
      body: { text: `Second words of ${b.marker}.` },
    }),
  );
  await documentSettled(client, document!.id);
  const { data: versions } = await unwrap(client.GET("/api/v1/documents/{documentId}/versions", { params: { path } }));
  const { group } = await unwrap(client.POST("/api/v1/groups", { body: { name: `Group ${b.marker}` } }));
  const member = { params: { path: { groupId: group.id } }, body: { apiKeyIds: [b.keyId] } };
  await unwrap(client.POST("/api/v1/groups/{groupId}/members", member));
  const invited = { email: `${b.marker}@resolve-prove.invalid`, role: "readonly" } as const;
  const { invitation } = await unwrap(client.POST("/api/v1/invitations", { body: invited }));
  // The name never resolves (RFC 2606), so the delivery exists and no server is called.
  const { webhook } = await unwrap(
    client.POST("/api/v1/webhooks", {
      body: { url: "https://resolve-prove.invalid/hook", eventTypes: ["tenant.updated"] },
    }),
  );
  await unwrap(client.POST("/api/v1/webhooks/{webhookId}/test", { params: { path: { webhookId: webhook.id } } }));
  const { data: deliveries } = await until(
    "the delivery",
    () =>
      unwrap(client.GET("/api/v1/webhooks/{webhookId}/deliveries", { params: { path: { webhookId: webhook.id } } })),
    ({ data }) => data.length > 0,
  );
  const { job } = await unwrap(client.POST("/api/v1/jobs", { body: { type: "reindex" } }));
  await until(
    "the job",
    () =>
      unwrap(client.GET("/api/v1/jobs/{jobId}", { params: { path: { jobId: job.id }, query: { waitSeconds: 5 } } })),
    ({ status }) => status !== "queued" && status !== "running",
  );
  const objects = {
    doc: document!.id,
    ver: versions[0]!.id,
    col: collection.id,
    grp: group.id,
    inv: invitation.id,
    whk: webhook.id,
    dlv: deliveries[0]!.id,
    job: job.id,
    key: b.keyId,
    onb: b.runId,
    ten: b.id,
  };
  // Check that the ids are right: B can read the objects.
  for (const url of [
    `documents/${objects.doc}`,
    `collections/${objects.col}`,
    `groups/${objects.grp}`,
    `invitations/${objects.inv}`,
    `webhooks/${objects.whk}`,
    `deliveries/${objects.dlv}`,
    `jobs/${objects.job}`,
    `onboarding/${objects.onb}`,
  ]) {
    const { status } = await call("GET", `/api/v1/${url}`);
    if (status !== 200) throw new Error(`B's own ${url} responds with ${status}`);
  }
  return objects;
};
