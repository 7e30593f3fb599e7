import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";

/** A JSON Web Key of the OKP kind (RFC 8037). */
export const PublicKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  kid: z.string(),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
});

export type SigningKey = { privateKey: KeyObject; publicKey: z.output<typeof PublicKey> };

/** PKCS #8 of an Ed25519 private key consists of these bytes and the seed of 32 bytes (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Derives a key from a secret by HKDF (RFC 5869). `purpose` separates the uses of one secret from each other. */
export async function signingKey(secret: string, purpose: string): Promise<SigningKey> {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", purpose, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  // The format `jwk` returns a JWK.
  const jwk = createPublicKey(privateKey).export({ format: "jwk" }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, publicKey: PublicKey.parse({ ...jwk, kid, alg: "EdDSA", use: "sig" }) };
}
