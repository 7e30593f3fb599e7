import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

const Version = z.object({ version: z.int() });

export const DocumentCreated = defineEvent({
  type: "document.created",
  version: 1,
  summary: "A document was created. Its bytes may not have arrived yet.",
  subjectType: "document",
  schema: z.object({ name: z.string(), sizeBytes: z.int() }),
  sample: { name: "handbook.pdf", sizeBytes: 48213 },
  usage: ({ sizeBytes }) => ({ documents: 1, bytes: sizeBytes }),
});
export const DocumentReplaced = defineEvent({
  type: "document.replaced",
  version: 1,
  summary: "The document got a new version. The version before stays live until the new one is ready.",
  subjectType: "document",
  schema: z.object({ version: z.int(), sizeBytes: z.int() }),
  sample: { version: 2, sizeBytes: 48213 },
  usage: ({ sizeBytes }) => ({ documents: 1, bytes: sizeBytes }),
});
export const DocumentStored = defineEvent({
  type: "document.stored",
  version: 1,
  summary: "The bytes have arrived and processing is queued.",
  subjectType: "document",
  schema: Version,
  sample: { version: 1 },
});
export const DocumentReady = defineEvent({
  type: "document.ready",
  version: 1,
  summary: "This version of the document is live.",
  subjectType: "document",
  schema: z.object({
    version: z.int(),
    chunks: z.int(),
    pages: z.int().nullable(),
    /** What the reader left out or could not read; the document has the places. */
    warnings: z.array(z.object({ code: z.string(), count: z.int() })),
  }),
  sample: { version: 1, chunks: 42, pages: 12, warnings: [{ code: "comments-left-out", count: 3 }] },
  // A file without pages is one.
  usage: ({ pages, chunks }) => ({ pages: pages ?? 1, chunks }),
});
export const DocumentFailed = defineEvent({
  type: "document.failed",
  version: 1,
  summary: "The document could not be processed. `code` is the reason; `retryable` is true when a retry can help.",
  subjectType: "document",
  schema: z.object({ version: z.int(), code: z.string(), retryable: z.boolean() }),
  sample: { version: 1, code: "encrypted", retryable: false },
});
export const DocumentDeleted = defineEvent({
  type: "document.deleted",
  version: 1,
  summary: "The document was removed from lists and search. At `purgeAt` its rows and originals are deleted.",
  subjectType: "document",
  schema: z.object({ purgeAt: z.string() }),
  sample: { purgeAt: "2026-12-01T00:00:00.000Z" },
});
export const DocumentRestored = defineEvent({
  type: "document.restored",
  version: 1,
  summary: "A deleted document was restored to the given state.",
  subjectType: "document",
  schema: z.object({ status: z.string() }),
  sample: { status: "ready" },
});
export const DocumentPurged = defineEvent({
  type: "document.purged",
  version: 1,
  summary: "The rows of the document and every stored version of its originals were deleted. Backups expire later.",
  subjectType: "document",
  schema: z.object({ versions: z.int() }),
  sample: { versions: 1 },
});
