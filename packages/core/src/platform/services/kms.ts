import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { resource } from "../resources.ts";

/** Creates and unwraps the data keys of tenants. The tenant's id is the encryption context. */
export type Kms = {
  generateDataKey(tenantId: string): Promise<{ key: Buffer; wrapped: Buffer }>;
  unwrap(tenantId: string, wrapped: Uint8Array): Promise<Buffer>;
};

export const awsKms = (client: KMSClient, keyArn: string): Kms => ({
  async generateDataKey(tenantId) {
    const command = new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: "AES_256", EncryptionContext: { tenantId } });
    const { Plaintext, CiphertextBlob } = await client.send(command);
    if (!Plaintext || !CiphertextBlob) throw new Error("KMS returned no data key");
    return { key: Buffer.from(Plaintext), wrapped: Buffer.from(CiphertextBlob) };
  },
  async unwrap(tenantId, wrapped) {
    const command = new DecryptCommand({ KeyId: keyArn, CiphertextBlob: wrapped, EncryptionContext: { tenantId } });
    const { Plaintext } = await client.send(command);
    if (!Plaintext) throw new Error("KMS returned no key");
    return Buffer.from(Plaintext);
  },
});

/** Wraps data keys with a master key of 32 bytes that the local runtime keeps in its data directory. */
export const localKms = (masterKey: Buffer): Kms => ({
  async generateDataKey(tenantId) {
    const key = randomBytes(32);
    return { key, wrapped: seal(masterKey, key, tenantId) };
  },
  unwrap: async (tenantId, wrapped) => open(masterKey, Buffer.from(wrapped), tenantId),
});

let linked: Kms | undefined;
export const kms = (): Kms => {
  if (linked) return linked;
  const link = resource("Kms");
  if ("masterKey" in link) linked = localKms(Buffer.from(link.masterKey, "base64"));
  else linked = awsKms(new KMSClient(link.endpoint ? { endpoint: link.endpoint } : {}), link.keyArn);
  return linked;
};

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM: iv, tag, ciphertext; `context` is authenticated but not stored. */
export const seal = (key: Buffer, plaintext: Uint8Array, context: string): Buffer => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
};

/** Key, context or bytes are not those that the text was sealed with. Trying again does not help. */
export class Undecryptable extends Error {
  override readonly name = "Undecryptable";
}

/** @throws Undecryptable */
export const open = (key: Buffer, sealed: Buffer, context: string): Buffer => {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, ivBytes)).setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()]);
  } catch (error) {
    throw new Undecryptable("the bytes cannot be decrypted", { cause: error });
  }
};
