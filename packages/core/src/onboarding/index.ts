export {
  advanceRun,
  advanceTenant,
  currentRun,
  getRun,
  NewTenant,
  OnboardingCompleted,
  OnboardingFailed,
  onboard,
  Run,
  RunMessage,
  retryRun,
  Step,
  sweepOnboarding,
} from "./onboarding.ts";
export { probeIsolation } from "./probe.ts";
