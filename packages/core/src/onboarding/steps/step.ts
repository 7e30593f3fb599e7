import type { z } from "zod";
import type { ApiKey } from "../../identity/index.ts";
import type { Ctx } from "../../platform/context.ts";
import type { Id } from "../../platform/id.ts";
import type { Webhook } from "../../webhooks/index.ts";
import type { StoredRequest } from "../new-tenant.ts";

/**
 * A step of an onboarding run: one entry of the registry in `index.ts`, one file beside it for the work. A worker may stop
 * at any point of `work`, so another one can repeat it without a second effect.
 */
export type OnboardingStep<N extends string = string> = {
  /** Who has to act: the platform, the customer, or the platform to check what was done before. */
  kind: StepKind | ((request: StoredRequest) => StepKind);
  /** Steps that must be completed first. */
  waitsFor: readonly N[];
  /** The request that creates the tenant performs this step itself; the others run in the background. */
  isInRequest?: boolean;
  /** Runs without this step leave it out. The default is that every run has it. */
  isWanted?(request: StoredRequest): boolean;
  /** @throws StepFailed, or a Problem, with a message for the operator. */
  work(ctx: Ctx, attempt: StepAttempt): Promise<StepOutcome>;
};
export type StepKind = "automatic" | "customer" | "check";

/** What a step works with. */
export type StepAttempt = {
  runId: Id<"onboarding">;
  request: StoredRequest;
  /** Results of the steps that are completed, by name. */
  results: ReadonlyMap<string, StoredResult>;
  /** What this step has kept during its present attempt. A step that was waiting continues its attempt. */
  kept: StoredResult;
  /** Stores what a repetition of this attempt needs. Joins the caller's transaction. */
  keep(ctx: Ctx, result: StepResult): Promise<void>;
  /** Only inside the request that creates the tenant: its response shows the secrets that steps add here. */
  secrets?: Secrets;
};
export type StoredResult = Readonly<Record<string, unknown>>;

export type Secrets = {
  apiKey?: { id: ApiKey["id"]; secret: string };
  webhook?: { id: Webhook["id"]; secret: string };
};

/** Returned by a step that cannot complete yet, because something else must happen first. */
export const waiting = Symbol("waiting");
export type StepResult = Record<string, z.core.util.JSONType | undefined>;
export type StepOutcome = StepResult | typeof waiting;

/** A failure whose message the operator reads. The text of any other error is only logged. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}
