import { createHash, createHmac } from "node:crypto";
import type { Id } from "../platform/id.ts";
import { pepper } from "../platform/services/linked-secrets.ts";

/** The token of a round. It is derived, so that the database stores only its hash and a mail that is sent twice has the same token. */
export const invitationToken = async (id: Id<"invitation">, round: number): Promise<string> =>
  `rsi_${createHmac("sha256", await pepper())
    .update(`invitation:${id}:${round}`)
    .digest("base64url")}`;

export const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();
