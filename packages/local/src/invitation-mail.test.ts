import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sweepInvitations } from "@resolve/core/identity";
import { toUuid } from "@resolve/core/platform/id";
import { expect, test } from "vitest";
import { startSystem } from "./testing-system.ts";

/** The mail service refuses a mail, then does not respond: what the invitation shows, and when the mail is sent. */
test("a mail that is refused says so; one for a service that does not respond is sent later", async () => {
  const answers: number[] = [400, 503, 503];
  const server = createServer((request, response) => {
    request.resume();
    const status = answers.shift() ?? 200;
    const error = status === 400 ? { "x-amzn-errortype": "MessageRejected" } : {};
    response.writeHead(status, { "content-type": "application/json", ...error }).end('{"MessageId":"1"}');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const system = await startSystem({ links: { MailSender: { from: "a@b.example", region: "us-east-1", endpoint } } });
  try {
    const { call } = await system.newTenant();
    const settled = async (id: string, wanted: object) => {
      await expect
        .poll(async () => (await call("GET", `/invitations/${id}`)).body, { timeout: 20_000, interval: 200 })
        .toMatchObject(wanted);
      const [row] = await system.admin`select send_attempts, send_due_at > app.now() + interval '90 s' as is_later
        from app.invitations where id = ${toUuid(id as never)}`;
      return row;
    };
    const sent = { sentAt: expect.any(String), sendFailure: null, status: "pending" };

    // The tenant's administrator.
    const { id: refused } = (await call("GET", "/invitations")).body.data[0];
    const isRefused = { sentAt: null, sendFailure: "address-refused" };
    expect(await settled(refused, isRefused)).toEqual({ send_attempts: 1, is_later: null });

    const { body } = await call("POST", "/invitations", { email: "grace@acme.example", role: "user" });
    const { id } = body.invitation;
    const isUnavailable = { sentAt: null, sendFailure: "mail-unavailable" };
    expect(await settled(id, isUnavailable)).toEqual({ send_attempts: 1, is_later: true });
    await system.admin`update app.invitations set send_due_at = now() - interval '1 s' where id = ${toUuid(id)}`;
    await sweepInvitations();
    expect(await settled(id, sent)).toEqual({ send_attempts: 2, is_later: null });

    await call("POST", `/invitations/${refused}/resend`);
    expect(await settled(refused, sent)).toEqual({ send_attempts: 1, is_later: null });
  } finally {
    await system.close();
    server.close();
  }
}, 180_000);
