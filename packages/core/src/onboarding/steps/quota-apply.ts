import { getTenant } from "../../identity/index.ts";
import type { OnboardingStep } from "./step.ts";

/** Reports the plan, which `reserveTenant` has stored with the tenant. */
export const applyPlan: OnboardingStep["work"] = async (ctx) => ({ plan: (await getTenant(ctx)).plan });
