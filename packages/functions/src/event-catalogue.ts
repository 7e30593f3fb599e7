import * as documents from "@resolve/core/documents";
import * as identity from "@resolve/core/identity";
import * as jobs from "@resolve/core/jobs";
import * as onboarding from "@resolve/core/onboarding";
import type { EventType } from "@resolve/core/platform/events";
import * as usage from "@resolve/core/usage";
import * as webhooks from "@resolve/core/webhooks";

const isEventType = (value: unknown): value is EventType =>
  typeof value === "object" && value !== null && "subjectType" in value && "sample" in value;

/** Every event that Resolve publishes, by type, from the definitions of the domains. */
export const eventCatalogue: ReadonlyMap<string, EventType> = new Map(
  [identity, usage, documents, jobs, webhooks, onboarding]
    // A module namespace is an object of its exports.
    .flatMap((domain) => Object.values(domain as Record<string, unknown>))
    .filter(isEventType)
    .map((event) => [event.type, event] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
