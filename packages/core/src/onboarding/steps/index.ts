import { issueFirstKey } from "./access-api-key.ts";
import { awaitDocuments } from "./documents-ready.ts";
import { seedDocuments } from "./documents-seed.ts";
import { invitePeople } from "./identity-admin.ts";
import { probe } from "./isolation-probe.ts";
import { applyPlan } from "./quota-apply.ts";
import { askFirstQuestion } from "./search-first-answer.ts";
import type { OnboardingStep } from "./step.ts";
import { activate } from "./tenant-activate.ts";
import { isolate } from "./tenant-isolate.ts";
import { reserve } from "./tenant-reserve.ts";
import { pingWebhook } from "./webhook-ping.ts";
import { hasWebhook, registerWebhook } from "./webhook-register.ts";

const stepTable = {
  "tenant.reserve": { kind: "automatic", waitsFor: [], work: reserve },
  "tenant.isolate": { kind: "automatic", waitsFor: ["tenant.reserve"], isInRequest: true, work: isolate },
  "identity.admin": { kind: "automatic", waitsFor: ["tenant.reserve"], isInRequest: true, work: invitePeople },
  "access.api_key": { kind: "automatic", waitsFor: ["tenant.reserve"], isInRequest: true, work: issueFirstKey },
  "quota.apply": { kind: "automatic", waitsFor: ["tenant.reserve"], isInRequest: true, work: applyPlan },
  "isolation.probe": { kind: "check", waitsFor: ["tenant.isolate"], work: probe },
  "tenant.activate": {
    kind: "automatic",
    waitsFor: ["isolation.probe", "identity.admin", "access.api_key", "quota.apply"],
    work: activate,
  },
  "webhook.register": {
    kind: "automatic",
    waitsFor: ["tenant.reserve"],
    isInRequest: true,
    isWanted: hasWebhook,
    work: registerWebhook,
  },
  "webhook.ping": {
    kind: "check",
    waitsFor: ["webhook.register", "tenant.activate"],
    isWanted: hasWebhook,
    work: pingWebhook,
  },
  "documents.seed": {
    kind: ({ documents }) => (documents ? "automatic" : "customer"),
    waitsFor: ["tenant.activate"],
    work: seedDocuments,
  },
  "documents.ready": { kind: "check", waitsFor: ["documents.seed"], work: awaitDocuments },
  "search.first_answer": { kind: "check", waitsFor: ["documents.ready"], work: askFirstQuestion },
} as const satisfies Record<string, OnboardingStep>;

export type StepName = keyof typeof stepTable;
/** Every step, in the order in which a run shows them. */
export const steps: Record<StepName, OnboardingStep<StepName>> = stepTable;
/** Object.keys returns the keys of `steps`, of which there is at least one. */
export const stepNames = Object.keys(steps) as [StepName, ...StepName[]];
