import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

export const UsageThreshold = defineEvent({
  type: "usage.threshold",
  version: 1,
  summary: "The tenant has used 80 or 100 percent of a monthly limit. It comes once for each month, meter and share.",
  subjectType: "tenant",
  schema: z.object({
    meter: z.string(),
    month: z.string(),
    percent: z.union([z.literal(80), z.literal(100)]),
    used: z.int(),
    limit: z.int(),
    resetsAt: z.string(),
  }),
  sample: {
    meter: "searches",
    month: "2026-12",
    percent: 80,
    used: 8_012,
    limit: 10_000,
    resetsAt: "2027-01-01T00:00:00.000Z",
  },
});
