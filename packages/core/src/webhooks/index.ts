export * from "./delivery.ts";
export * from "./send.ts";
export {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  NewWebhook,
  testWebhook,
  Webhook,
  WebhookDisabled,
  WebhookTest,
  WebhookVerified,
} from "./webhook.ts";
