export * from "./delivery.ts";
export * from "./send.ts";
export {
  createWebhook,
  deleteWebhook,
  getWebhook,
  isSubscribable,
  listWebhooks,
  NewWebhook,
  testWebhook,
  Webhook,
  WebhookDisabled,
  WebhookTest,
  WebhookVerified,
} from "./webhook.ts";
