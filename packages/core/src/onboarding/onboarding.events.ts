import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

export const OnboardingCompleted = defineEvent({
  type: "onboarding.completed",
  version: 1,
  summary: "The tenant got its first right answer from its own documents.",
  subjectType: "onboarding",
  schema: z.object({ durationMs: z.int(), withinTarget: z.boolean() }),
  sample: { durationMs: 4210, withinTarget: true },
});

export const OnboardingFailed = defineEvent({
  type: "onboarding.failed",
  version: 1,
  summary: "A step failed; `retry` goes on from there.",
  subjectType: "onboarding",
  schema: z.object({ step: z.string(), message: z.string() }),
  sample: { step: "webhook.ping", message: "The endpoint did not answer with 2xx." },
});
