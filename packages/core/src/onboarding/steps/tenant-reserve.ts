import type { OnboardingStep } from "./step.ts";

/** The tenant and the run are created in one transaction, with this step completed. */
export const reserve: OnboardingStep["work"] = async () => ({});
