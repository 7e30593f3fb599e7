import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import type { Mail } from "./mailbox.ts";

/** The only verified sender. */
export const mailFrom = "Resolve <no-reply@resolve.example>";

const content = z.object({ Data: z.string().min(1), Charset: z.literal("UTF-8") });
const SendEmail = z.object({
  FromEmailAddress: z.string(),
  Destination: z.object({ ToAddresses: z.tuple([z.string()]) }),
  Content: z.object({ Simple: z.object({ Subject: content, Body: z.object({ Html: content, Text: content }) }) }),
});
/** SES refuses an address with other characters than ASCII before the @ (SES developer guide, "verified identities"). */
const address = /^[\x21-\x3f\x41-\x7e]{1,64}@[^\s@]+\.[^\s@]+$/;

/** SendEmail of SES v2: `POST /v2/email/outbound-emails`. */
export const handleSes = async (
  request: IncomingMessage,
  response: ServerResponse,
  deliver: (mail: Mail) => void,
): Promise<void> => {
  const respond = (status: number, body: object, error?: string) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...(error ? { "x-amzn-errortype": error } : {}) })
      .end(JSON.stringify(body));
  if (request.method !== "POST" || !request.url?.endsWith("/v2/email/outbound-emails"))
    return respond(404, { message: "Unknown operation" }, "NotFoundException");
  const parsed = SendEmail.safeParse(await json(request).catch(() => undefined));
  if (!parsed.success) return respond(400, { message: parsed.error.message }, "BadRequestException");
  const { FromEmailAddress, Destination, Content } = parsed.data;
  const [to] = Destination.ToAddresses;
  if (!address.test(to))
    return respond(400, { message: "Local address contains control or whitespace" }, "BadRequestException");
  if (FromEmailAddress !== mailFrom)
    return respond(400, { message: "Email address is not verified." }, "MessageRejected");
  const { Subject, Body } = Content.Simple;
  deliver({ to, subject: Subject.Data, html: Body.Html.Data });
  respond(200, { MessageId: crypto.randomUUID() });
};
