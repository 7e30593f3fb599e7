import { creationOf, type OnboardingStep } from "./step.ts";

/** Reports the plan, which `reserveTenant` has stored with the tenant. */
export const applyPlan: OnboardingStep["work"] = async (_ctx, attempt) => ({ plan: creationOf(attempt).tenant.plan });
