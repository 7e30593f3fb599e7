import { join } from "node:path";
import { mailTemplates } from "@resolve/functions/sign-in";
import { startCognito } from "./doubles/cognito.ts";
import { openMailbox } from "./doubles/mailbox.ts";
import { sealedFile } from "./doubles/sealed-file.ts";
import { handleSes, mailFrom } from "./doubles/ses.ts";
import type { Beside } from "./gateway.ts";

type Options = { dataDir: string; masterKey: string; issuerSecret: string; consoleUrl: string };

/** The accounts of people and their mail, at the gateway's address: `/cognito`, `/ses` and `/mailbox`. */
export const startPeople = async ({ dataDir, masterKey, issuerSecret, consoleUrl }: Options) => {
  const mailbox = openMailbox(sealedFile(join(dataDir, "mailbox.json"), masterKey));
  const cognito = await startCognito({
    endpoint: `${consoleUrl}cognito`,
    issuerSecret,
    storage: sealedFile(join(dataDir, "user-pool.json"), masterKey),
    templates: mailTemplates(consoleUrl),
    sendMail: mailbox.send,
  });
  const beside: Beside = async (request, response, url) => {
    const [, path] = /^\/cognito(\/.*|)$/.exec(url.pathname) ?? [];
    if (path !== undefined) await cognito.handle(request, response, path);
    else if (url.pathname.startsWith("/ses/")) await handleSes(request, response, mailbox.send);
    else if (url.pathname === "/mailbox" || url.pathname === "/mailbox.json") mailbox.handle(request, response, url);
    else return false;
    return true;
  };
  const mailLink = { from: mailFrom, region: cognito.link.region, endpoint: `${consoleUrl}ses`, consoleUrl };
  return { link: cognito.link, mailLink, beside };
};
