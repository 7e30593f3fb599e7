import { createClient, type Schemas, unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details, seconds } from "../check.ts";
import { allEvents, eventLogFaults, newMarker, newUpload, putBytes, type Tenant, until } from "../tenant.ts";
import { prose } from "../texts.ts";

const limitSeconds = 75;
const count = 8;
/** Long enough to be still in processing when the process is killed. */
const longBytes = 750_000;

export const crash: Check = {
  name: "crash",
  promise:
    "Nothing that was acknowledged is lost when the process is killed in the middle of its work, and onboarding goes on",
  limit: `0 lost, 0 repeated, all searchable ${limitSeconds} s after the restart`,
  isLocalOnly: true,
  async run({ apiUrl, a, local }) {
    const run = newMarker();
    const { client } = a;
    const uploads = await reserve(a, run);
    const long = await unwrap(
      client.POST("/api/v1/documents", { body: { name: `${run} long.txt`, text: prose(longBytes) } }),
    );
    const one = (documentId: string) =>
      unwrap(client.GET("/api/v1/documents/{documentId}", { params: { path: { documentId } } }));
    const { status } = await until(
      "processing",
      () => one(long.document.id),
      ({ status }) => status !== "queued",
    );
    const texts = await pMap(Array.from({ length: count }), (_, n) =>
      unwrap(
        client.POST("/api/v1/documents", {
          body: { name: `${run} ${n}.txt`, text: `Acknowledged text ${n} of ${run}.` },
        }),
      ),
    );
    await Promise.all(uploads.map(({ put }) => put()));
    const body = {
      name: "resolve prove, onboarded during a crash",
      admin: { email: "success@simulator.amazonses.com" },
      documents: [{ name: "crash.txt", text: `The lamps of ${run} are switched off at nine.` }],
    };
    // `isLocalOnly`: this check runs with a local runtime only.
    const operator = createClient({ apiUrl, apiKey: local!.operatorKey });
    const { tenant, onboarding } = await unwrap(operator.POST("/api/v1/tenants", { body }));
    await local!.kill();

    const restartedAt = performance.now();
    await local!.restart();
    const restartMs = performance.now() - restartedAt;
    const textIds = [long, ...texts].map(({ document }) => document.id);
    const uploadIds = uploads.map(({ id }) => id);
    const ids = [...textIds, ...uploadIds];
    const isSettled = ({ status }: Schemas["Document"]) => status === "ready" || status === "failed";
    const left = () => limitSeconds - (performance.now() - restartedAt) / 1000;
    const faults: string[] = [];
    for (const id of ids) {
      const document = await until(
        id,
        () => one(id),
        (one) => isSettled(one) || left() <= 0,
      );
      if (document.status !== "ready")
        faults.push(`${document.name} is ${document.status}${document.failure ? `: ${document.failure.message}` : ""}`);
    }
    const params = { path: { tenantId: tenant.id } };
    const { status: runStatus } = await until(
      "the onboarding",
      () => unwrap(operator.GET("/api/v1/tenants/{tenantId}/onboarding", { params })),
      ({ status }) => !["running", "waiting"].includes(status) || left() <= 0,
    );
    if (runStatus !== "completed") faults.push(`the onboarding ${onboarding.id} is ${runStatus}`);
    const readyMs = performance.now() - restartedAt;
    const log = await allEvents(client);
    faults.push(...eventLogFaults(log, { texts: textIds, uploads: uploadIds }));
    return {
      measured: `${faults.length} lost or repeated of ${ids.length} documents, all searchable after ${seconds(readyMs)}`,
      passed: faults.length === 0 && readyMs <= limitSeconds * 1000,
      detail: details(
        [
          `${count + 1} texts, ${count} uploads and a new tenant, killed (SIGKILL) right after they were acknowledged, while a long text was ${status}`,
          `the new tenant's onboarding is ${runStatus}`,
          `the API worked again after ${seconds(restartMs)}; the event log is numbered 1 to ${log.length}`,
        ],
        faults,
      ),
    };
  },
};

/** Creates documents, and returns functions that send their bytes. A document created with `sizeBytes` has an `upload`. */
const reserve = ({ client }: Tenant, run: string) =>
  pMap(Array.from({ length: count }), async (_, n) => {
    const { bytes, body } = newUpload(`${run} upload ${n}.txt`, `Acknowledged upload ${n} of ${run}.`);
    const { document, upload } = await unwrap(client.POST("/api/v1/documents", { body }));
    return { id: document.id, put: () => putBytes(upload!, bytes) };
  });
