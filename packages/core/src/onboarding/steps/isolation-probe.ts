import { probeIsolation } from "../probe.ts";
import { type OnboardingStep, StepFailed } from "./step.ts";

/** Checks that the tenant can neither read nor write rows of another tenant. */
export const probe: OnboardingStep["work"] = async (ctx) => {
  const { checks, leaks } = await probeIsolation(ctx);
  if (leaks.length > 0) throw new StepFailed(`Not isolated: ${leaks.join(", ")}.`);
  return { checks };
};
