export { advanceRun } from "./engine.ts";
export { NewTenant, RunRetry } from "./new-tenant.ts";
export { onboard } from "./onboard.ts";
export * from "./onboarding.events.ts";
export { getOverview, TenantOverview } from "./overview.ts";
export { probeIsolation } from "./probe.ts";
export { advanceTenant, RunMessage, retryRun } from "./resume.ts";
export { currentRun, findRun, getRun, Run, Step } from "./run.ts";
export { forgetRequests, sweepOnboarding } from "./sweep.ts";
