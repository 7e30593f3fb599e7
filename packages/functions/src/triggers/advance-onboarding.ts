import { advanceTenant } from "@resolve/core/onboarding";
import { onEvent } from "./on-event.ts";

/** A document is ready or failed, or an endpoint is verified: the tenant's open runs may be able to continue. */
export const handler = onEvent("advance-onboarding", advanceTenant);
