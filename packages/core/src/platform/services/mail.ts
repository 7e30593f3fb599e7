import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { optionalResource } from "../resources.ts";

export type Mail = { to: string; subject: string; html: string; text: string };
export type SendMail = (mail: Mail) => Promise<void>;

/** Undefined in a stage without a mail domain. The mail service may send a mail twice when its response is lost. */
export const mailer = (): SendMail | undefined => {
  const link = optionalResource("MailSender");
  if (!link) return undefined;
  const { region, endpoint, from } = link;
  client ??= new SESv2Client({ ...timeouts, region, ...(endpoint ? { endpoint } : {}) });
  const sender = client;
  return async ({ to, subject, html, text }) => {
    const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
    await sender.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: utf8(subject), Body: { Html: utf8(html), Text: utf8(text) } } },
      }),
    );
  };
};

/** A function of 30 s sends one mail at a time. */
const timeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

let client: SESv2Client | undefined;
