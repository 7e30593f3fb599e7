import type { Exchange } from "./exchange.ts";
import { getLegalHold, getRetention, putLegalHold, putRetention } from "./locks.ts";
import { abortUpload, completeUpload, createUpload, listParts, listUploads, putPart } from "./multipart.ts";
import { deleteObject, getObject, putObject } from "./objects.ts";
import { deleteObjects, listVersions } from "./versions.ts";

type Operation = (exchange: Exchange) => Promise<void>;

/** Operations by method and sub-resource; of a bucket, and of an object. All others are refused. */
export const operations: Record<"bucket" | "object", Record<string, Operation>> = {
  bucket: { "GET versions": listVersions, "GET uploads": listUploads, "POST delete": deleteObjects },
  object: {
    "PUT ": putObject,
    "GET ": getObject,
    "HEAD ": getObject,
    "DELETE ": deleteObject,
    "POST uploads": createUpload,
    "PUT uploadId": putPart,
    "GET uploadId": listParts,
    "POST uploadId": completeUpload,
    "DELETE uploadId": abortUpload,
    "PUT retention": putRetention,
    "GET retention": getRetention,
    "PUT legal-hold": putLegalHold,
    "GET legal-hold": getLegalHold,
  },
};

/** Query parameters that are no sub-resource. */
const parameters =
  /^(x-amz-.*|x-id|response-.*|versionid|partnumber|prefix|delimiter|max-keys|key-marker|version-id-marker|encoding-type)$/;

/** The sub-resources that a query names: mostly none. */
export const subresourcesOf = (query: URLSearchParams): string[] =>
  [...query.keys()].filter((name) => !parameters.test(name.toLowerCase()));
