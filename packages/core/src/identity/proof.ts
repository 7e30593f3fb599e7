import { CompactSign } from "jose";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { resource } from "../platform/resources.ts";
import { pepper } from "../platform/services/linked-secrets.ts";
import { PublicKey, type SigningKey, signingKey } from "../platform/signing-key.ts";

const filesMax = 20;

/** SHA-256 of each file to sign, in hexadecimal, by the file's name. */
export const NewProof = z.strictObject({
  files: z
    .record(z.string().regex(/^[\w.-]{1,100}$/), z.string().regex(/^[0-9a-f]{64}$/))
    .refine(
      (files) => Object.keys(files).length >= 1 && Object.keys(files).length <= filesMax,
      `must name 1 to ${filesMax} files`,
    ),
});
export const Proof = z.object({
  /** Compact JWS (RFC 7515, EdDSA). Its payload has `files`, `iat` (seconds), `iss` (product and stage) and `sub` (the caller). */
  jws: z.string(),
});

export const ProofKey = PublicKey;

/** Named in the signature's header, so that it is not taken for a token of another kind (RFC 8725, section 3.11). */
const proofType = "resolve-proof";

/** Signs the hashes of files for the operator, with an audit entry. */
export async function signProof(ctx: Ctx, { files }: z.output<typeof NewProof>): Promise<z.output<typeof Proof>> {
  const { name, stage } = resource("App");
  const { privateKey, publicKey } = await keyPair();
  const payload = {
    iss: `${name}/${stage}`,
    sub: actorName(ctx.actor),
    iat: Math.floor(now().getTime() / 1000),
    files,
  };
  const jws = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "EdDSA", kid: publicKey.kid, typ: proofType })
    .sign(privateKey);
  await withTx(ctx, async (ctx) =>
    recordAudit(ctx, { action: "proof.sign", subject: publicKey.kid, detail: { files } }),
  );
  return { jws };
}

/** The public keys that verify the signatures of `signProof`; there is one. */
export const proofKeys = async (): Promise<z.output<typeof ProofKey>[]> => [(await keyPair()).publicKey];

let cached: SigningKey | undefined;
const keyPair = async (): Promise<SigningKey> =>
  (cached ??= await signingKey(await pepper(), "resolve proof signing key v1"));
