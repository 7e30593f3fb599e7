import type { z } from "zod";
import type { ApiKey, Tenant } from "../../identity/index.ts";
import type { Ctx } from "../../platform/context.ts";
import type { Id } from "../../platform/id.ts";
import type { Webhook } from "../../webhooks/index.ts";
import type { NewTenant, StoredRequest } from "../new-tenant.ts";

/** A step of an onboarding run: one entry of the registry in `index.ts`, one file beside it for the work. */
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
  name: string;
  /** 1 for the first attempt. A step that was waiting continues its attempt. */
  attempts: number;
  request: StoredRequest;
  /** Results of the steps that are completed, by name. */
  results: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Only inside the request that creates the tenant. */
  creation?: Creation;
};

/** The running request that creates the tenant. Its steps add the secrets, which only its response shows. */
export type Creation = {
  input: NewTenant;
  tenant: Tenant;
  secrets: {
    apiKey?: { id: ApiKey["id"]; secret: string };
    webhook?: { id: Webhook["id"]; secret: string };
  };
};

/** Returned by a step that cannot complete yet, because something else must happen first. */
export const waiting = Symbol("waiting");
export type StepResult = Record<string, z.core.util.JSONType | undefined>;
export type StepOutcome = StepResult | typeof waiting;

/** A failure whose message the operator reads. The text of any other error is only logged. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** For steps that need the whole call. @throws StepFailed when the request has ended before the step was completed. */
export const creationOf = ({ creation, name }: StepAttempt): Creation => {
  if (creation) return creation;
  throw new StepFailed(`${name} is done inside the request; create the tenant again.`);
};
