import { FetchMessage, fetchToStorage } from "@resolve/core/documents";
import { consumeOutside } from "./consume-outside.ts";

/** url-fetch: fetches a URL into storage and sends the result to url-results. */
export const handler = consumeOutside(FetchMessage, "url-results", fetchToStorage);
