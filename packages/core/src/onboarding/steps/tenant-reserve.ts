import { creationOf, type OnboardingStep } from "./step.ts";

/** `reserveTenant` runs before the run exists, so the run is created with this step completed. */
export const reserve: OnboardingStep["work"] = async (_ctx, attempt) => {
  creationOf(attempt);
  return {};
};
