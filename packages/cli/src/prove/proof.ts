import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unwrap } from "@resolve/sdk";
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from "jose";
import { pageMarkdown } from "./page.ts";
import type { Report } from "./run.ts";
import { clientOf, sha256 } from "./tenant.ts";

const signatureFile = "prove.jws";
const signedFiles = ["prove.md", "prove.json"] as const;
/** The `typ` of the signature's header. */
const proofType = "resolve-proof";

type Payload = { iss: string; sub: string; iat: number; files: Record<string, string> };
export type Signed = { by: string; system: string; at: Date };

/** Writes the page as Markdown and JSON. */
export async function writePage(directory: string, report: Report): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "prove.md"), pageMarkdown(report));
  await writeFile(join(directory, "prove.json"), `${JSON.stringify(report, null, 2)}\n`);
}

/** Lets the API sign the files, writes the signature beside them and verifies it. @throws Error */
export async function signPage(directory: string, apiUrl: string, operatorKey: string): Promise<Signed> {
  const files = Object.fromEntries(
    await Promise.all(signedFiles.map(async (name) => [name, sha256(await readFile(join(directory, name)))])),
  );
  const client = clientOf(apiUrl, operatorKey, new AbortController().signal);
  const { jws } = await unwrap(client.POST("/api/v1/platform/proofs", { body: { files } }));
  await writeFile(join(directory, signatureFile), `${jws}\n`);
  return verifyPage(directory, apiUrl);
}

/**
 * Verifies that the files are unchanged and that the signature is by a key of the API. Returns who signed them and when.
 *
 * @throws Error with the reason
 */
export async function verifyPage(directory: string, apiUrl: string): Promise<Signed> {
  const jws = await readFile(join(directory, signatureFile), "utf8").catch(() => {
    throw new Error(`${directory} has no ${signatureFile}: the page was not signed.`);
  });
  const response = await fetch(`${apiUrl.replace(/\/$/, "")}/.well-known/jwks.json`);
  if (!response.ok)
    throw new Error(`${apiUrl} returned no keys for the verification; the status is ${response.status}.`);
  // `createLocalJWKSet` checks the form of the keys.
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet);
  const verified = await compactVerify(jws.trim(), keys, { algorithms: ["EdDSA"] }).catch((error) => {
    throw new Error(`The signature is not by a key of ${apiUrl}: ${error.message}.`);
  });
  if (verified.protectedHeader.typ !== proofType) throw new Error("The signature is not that of a proof.");
  const { iss, sub, iat, files }: Payload = JSON.parse(new TextDecoder().decode(verified.payload));
  for (const name of signedFiles) {
    const hash = await readFile(join(directory, name)).then(sha256, () => undefined);
    if (hash === undefined) throw new Error(`${name} is missing.`);
    if (hash !== files[name]) throw new Error(`${name} is not the file that was signed.`);
  }
  return { by: sub, system: iss, at: new Date(iat * 1000) };
}
