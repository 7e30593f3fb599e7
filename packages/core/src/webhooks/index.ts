export { Cause, causeOfStatus, causes } from "./cause.ts";
export {
  Attempt,
  Delivery,
  DeliveryFilter,
  findTestDelivery,
  getDelivery,
  listAttempts,
  listDeliveries,
  retryDelivery,
} from "./delivery.ts";
export { dispatchAll } from "./dispatch.ts";
export { expireDeliveries } from "./expire.ts";
export { fanOut, fanOutLost } from "./fan-out.ts";
export { announceFailing } from "./health.ts";
export { AttemptMessage, AttemptResult } from "./messages.ts";
export { countEndpoints, getWebhookMetrics, reportLateDeliveries, WebhookMetrics } from "./metrics.ts";
export { recordAttempts } from "./record.ts";
export { EventReplay, Recovery, recover, recoverWebhook, replayToWebhook } from "./recover.ts";
export { isSubscribable, NewWebhook, SecretRotation, Webhook, WebhookChanges } from "./schema.ts";
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
  listWebhooks,
  rotateWebhookSecret,
  sendTest,
  testWebhook,
  updateWebhook,
} from "./webhook.ts";
