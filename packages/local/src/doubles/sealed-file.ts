import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeAtomically } from "../data-directory.ts";

type Sealed = { iv: string; tag: string; text: string };

/** A value in a file of the data directory, encrypted with its master key: nobody finds a password by searching the disk. */
export const sealedFile = <T>(file: string, masterKey: string) => {
  const key = Buffer.from(masterKey, "base64");
  return {
    load: (): T | undefined => {
      if (!existsSync(file)) return undefined;
      const { iv, tag, text }: Sealed = JSON.parse(readFileSync(file, "utf8"));
      const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv, "base64"));
      decipher.setAuthTag(Buffer.from(tag, "base64"));
      return JSON.parse(decipher.update(text, "base64", "utf8") + decipher.final("utf8"));
    },
    save: (value: T): void => {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]).toString("base64");
      const sealed: Sealed = { iv: iv.toString("base64"), tag: cipher.getAuthTag().toString("base64"), text };
      writeAtomically(file, sealed);
    },
  };
};
