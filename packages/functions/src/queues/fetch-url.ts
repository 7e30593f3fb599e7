import { FetchMessage, fetchToStorage } from "@resolve/core/documents";
import { newUuid } from "@resolve/core/platform/id";
import { send } from "@resolve/core/platform/services/queue";
import { consume } from "./consume.ts";

/** url-fetch: an address into storage, outside the VPC; what came of it goes to url-results. */
export const handler = consume(FetchMessage, async (message) => {
  const result = await fetchToStorage(message);
  const failed = await send("url-results", [{ id: newUuid(), body: result, groupKey: null, delaySeconds: 0 }]);
  if (failed.size > 0) throw new Error("the result could not be queued");
});
