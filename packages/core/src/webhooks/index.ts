export { Attempt, Delivery, findTestDelivery, getDelivery, listAttempts, listDeliveries } from "./delivery.ts";
export { dispatchDue } from "./dispatch.ts";
export { fanOut } from "./fan-out.ts";
export { AttemptMessage, AttemptResult } from "./messages.ts";
export { recordAttempt } from "./record.ts";
export { sendAttempt } from "./send.ts";
export { findDeliveryOf, sendTest } from "./test-delivery.ts";
export {
  createWebhook,
  deleteWebhook,
  findWebhookByUrl,
  getWebhook,
  isSubscribable,
  isTestSent,
  listWebhooks,
  NewWebhook,
  testWebhook,
  Webhook,
  WebhookDisabled,
  WebhookTest,
  WebhookVerified,
} from "./webhook.ts";
