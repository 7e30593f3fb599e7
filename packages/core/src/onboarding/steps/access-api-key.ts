import { issueApiKey } from "../../identity/index.ts";
import { creationOf, type OnboardingStep } from "./step.ts";

/** Creates the first API key. Its secret is shown in the response only, so only the request can do it. */
export const issueFirstKey: OnboardingStep["work"] = async (ctx, attempt) => {
  const { secrets } = creationOf(attempt);
  const { apiKey, secret } = await issueApiKey(ctx, { name: "first key", role: "tenant_admin" });
  secrets.apiKey = { id: apiKey.id, secret };
  return { apiKeyId: apiKey.id };
};
