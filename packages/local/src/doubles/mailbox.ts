import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { now } from "@resolve/core/platform/clock";
import { escapeHtml } from "@resolve/core/platform/html";

export type Mail = { to: string; subject: string; html: string };
type Kept = Mail & { id: string; at: string };
export type MailStorage = { load(): Kept[] | undefined; save(mails: Kept[]): void };

const keptMax = 200;

/** The mails that people would get: `/mailbox` shows them, newest first, and `/mailbox.json?to=` returns them. */
export const openMailbox = (storage: MailStorage) => {
  let mails = storage.load() ?? [];
  return {
    send(mail: Mail): void {
      mails = [{ ...mail, id: randomUUID(), at: now().toISOString() }, ...mails].slice(0, keptMax);
      storage.save(mails);
    },
    handle(request: IncomingMessage, response: ServerResponse, url: URL): void {
      // Another site must not read passwords under a name that it has pointed at this machine.
      if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ""))
        return void response.writeHead(421, { "content-type": "text/plain" }).end("Use 127.0.0.1");
      const to = url.searchParams.get("to")?.toLowerCase();
      const found = mails.filter((mail) => to === undefined || mail.to.toLowerCase() === to);
      const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
      if (url.pathname === "/mailbox.json")
        return void response
          .writeHead(200, { ...headers, "content-type": "application/json" })
          .end(JSON.stringify({ data: found }));
      response
        .writeHead(200, {
          ...headers,
          "content-type": "text/html; charset=utf-8",
          // Mails are shown as they are, so no script runs.
          "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        })
        .end(pageOf(found, to));
    },
  };
};

const pageOf = (mails: Kept[], to: string | undefined): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Mailbox</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #343a43); --quiet: light-dark(#5d6672, #9aa4b1); --paper: light-dark(#fff, #1b1f25); }
body { margin: 0 auto; max-width: 44rem; padding: 2.5rem 1.25rem 4rem; font: 16px/1.55 system-ui, sans-serif; background: light-dark(#f5f6f8, #13161a); color: light-dark(#1c2129, #e6e9ee); }
h1 { font-size: 1.5rem; margin: 0; } p.about { margin: .25rem 0 2rem; color: var(--quiet); }
article { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; margin: 0 0 1rem; padding: 1.1rem 1.35rem; overflow-wrap: anywhere; }
article > header { border-bottom: 1px solid var(--line); margin-bottom: .9rem; padding-bottom: .7rem; }
h2 { font-size: 1.05rem; margin: 0; } header p { margin: .1rem 0 0; color: var(--quiet); font-size: .875rem; }
article p { margin: .6rem 0; } a { color: light-dark(#1d5fd1, #7fb0ff); }
pre { background: light-dark(#f0f2f5, #13161a); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; font-size: .875rem; }
</style>
</head>
<body>
<h1>Mailbox</h1>
<p class="about">${to === undefined ? "Mails that Resolve would send to people, newest first. None leaves this machine." : `Mails to ${escapeHtml(to)}, newest first. <a href="/mailbox">All mails</a>`}</p>
${mails.map(articleOf).join("\n") || `<p class="about">No mail yet. Invite somebody.</p>`}
</body>
</html>
`;

/** The message is HTML of our own templates; what people wrote is escaped in it. */
const articleOf = ({ to, subject, html, at }: Kept): string =>
  `<article><header><h2>${escapeHtml(subject)}</h2><p>to <a href="/mailbox?to=${encodeURIComponent(to)}">${escapeHtml(to)}</a>, <time datetime="${at}">${at.slice(0, 16).replace("T", " ")} UTC</time></p></header>${html}</article>`;
