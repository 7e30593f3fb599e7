import { isolateTenant } from "../../documents/index.ts";
import type { OnboardingStep } from "./step.ts";

/** Creates the tenant's own storage. A run whose request ended early does it in the background. */
export const isolate: OnboardingStep["work"] = async (ctx) => {
  await isolateTenant(ctx);
  return {};
};
