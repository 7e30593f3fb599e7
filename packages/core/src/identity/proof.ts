import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { CompactSign, calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { resource } from "../platform/resources.ts";

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

/** A JSON Web Key of the OKP kind (RFC 8037). */
export const ProofKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  kid: z.string(),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
});

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

type KeyPair = { privateKey: KeyObject; publicKey: z.output<typeof ProofKey> };
let cached: Promise<KeyPair> | undefined;
const keyPair = (): Promise<KeyPair> => (cached ??= derive(resource("ApiKeyPepper").value));

/** PKCS #8 of an Ed25519 private key consists of these bytes and the seed of 32 bytes (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Derives the key from the pepper by HKDF (RFC 5869). Its own name separates this use from the others. */
const derive = async (pepper: string): Promise<KeyPair> => {
  const seed = Buffer.from(hkdfSync("sha256", pepper, "", "resolve proof signing key v1", 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  // The format `jwk` returns a JWK.
  const jwk = createPublicKey(privateKey).export({ format: "jwk" }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, publicKey: ProofKey.parse({ ...jwk, kid, alg: "EdDSA", use: "sig" }) };
};
