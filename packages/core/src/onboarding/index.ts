export { advanceRun, advanceTenant, currentRun, getRun, NewTenant, onboard, OnboardingCompleted, OnboardingFailed, retryRun, Run, RunMessage, Step, sweepOnboarding } from "./onboarding.ts";
export { probeIsolation } from "./probe.ts";
