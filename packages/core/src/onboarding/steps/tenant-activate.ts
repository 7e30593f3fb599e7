import { activateTenant } from "../../identity/index.ts";
import type { OnboardingStep } from "./step.ts";

export const activate: OnboardingStep["work"] = async (ctx) => {
  await activateTenant(ctx);
  return {};
};
