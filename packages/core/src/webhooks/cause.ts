import { z } from "zod";

/** Why an attempt failed. */
export const causes = {
  "address-not-allowed": "The name has an address that is not on the public internet.",
  dns: "The name has no address.",
  refused: "Nothing listens on the port.",
  connection: "The connection broke before a status arrived.",
  tls: "The certificate or the encryption is not valid.",
  timeout: "No status arrived within 15 s.",
  redirect: "The endpoint redirected; redirects are not followed.",
  "too-large": "The headers of the response are larger than 16 KB.",
  status: "The status is not 2xx.",
  role: "The role of the event bus could not be assumed.",
  bus: "The event bus refused the event.",
} as const;
export const Cause = z.enum(Object.keys(causes) as [keyof typeof causes, ...(keyof typeof causes)[]]);
export type Cause = z.output<typeof Cause>;

/** The cause of a response that arrived; null when it is a success. */
export const causeOfStatus = (statusCode: number): Cause | null => {
  if (statusCode >= 200 && statusCode < 300) return null;
  return statusCode >= 300 && statusCode < 400 ? "redirect" : "status";
};
