import { type Schemas, unwrap } from "@resolve/sdk";
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
  promise: "Nothing that was acknowledged is lost when the process is killed in the middle of its work",
  limit: `0 lost, 0 repeated, all searchable ${limitSeconds} s after the restart`,
  isLocalOnly: true,
  async run({ a, local }) {
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
    // `isLocalOnly`: this check runs with a local runtime only.
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
    const readyMs = performance.now() - restartedAt;
    const log = await allEvents(client);
    faults.push(...eventLogFaults(log, { texts: textIds, uploads: uploadIds }));
    return {
      measured: `${faults.length} lost or repeated of ${ids.length} documents, all searchable after ${seconds(readyMs)}`,
      passed: faults.length === 0 && readyMs <= limitSeconds * 1000,
      detail: details(
        [
          `${count + 1} texts and ${count} uploads, killed (SIGKILL) right after the last one was acknowledged, while a long text was ${status}`,
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
