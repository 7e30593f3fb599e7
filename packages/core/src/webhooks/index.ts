export { Attempt, Delivery, findTestDelivery, getDelivery, listAttempts, listDeliveries } from "./delivery.ts";
export { dispatchAll } from "./dispatch.ts";
export { fanOut, fanOutLost } from "./fan-out.ts";
export { AttemptMessage, AttemptResult } from "./messages.ts";
export { recordAttempt } from "./record.ts";
export { sendAttempt } from "./send.ts";
export { findDeliveryOf } from "./test-delivery.ts";
export * from "./webhook.events.ts";
export {
  createWebhook,
  deleteWebhook,
  disable,
  enable,
  findWebhookByUrl,
  getWebhook,
  isSubscribable,
  listWebhooks,
  NewWebhook,
  rotateWebhookSecret,
  sendTest,
  testWebhook,
  updateWebhook,
  Webhook,
  WebhookChanges,
} from "./webhook.ts";
