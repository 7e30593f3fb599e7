import { FetchResult, recordFetch } from "@resolve/core/documents";
import { consume } from "./consume.ts";

/** url-results: stores the result of fetching a URL. */
export const handler = consume(FetchResult, "record-fetch", recordFetch);
