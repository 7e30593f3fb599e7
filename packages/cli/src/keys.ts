import { type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";
import { showFirst } from "./pages.ts";

type Key = Schemas["ApiKey"];
type Tools = Pick<JobTools, "client" | "show">;

/** `resolve keys …`: the API keys of the tenant. */
export const addKeyCommands = (program: Command, { client, show }: Tools): void => {
  const group = program.command("keys").description("API keys: for whom, with which permissions, and when used last");

  group
    .command("list")
    .description("list keys, newest first")
    .action(() =>
      showFirst(
        Number.POSITIVE_INFINITY,
        (query) => unwrap(client().GET("/api/v1/api-keys", { params: { query } })),
        (key) => show(key, (found) => [keyLine(found)]),
      ),
    );
  group
    .command("create")
    .description("create a key and print its secret, which is shown only once")
    .argument("<name>")
    .option("--role <role>", "tenant_admin, user or readonly", "user")
    .option("--scopes <permissions>", "only these permissions of the role, separated by commas", commas)
    .option("--expires <time>", "such as 2026-12-31T00:00:00Z")
    .option("--addresses <networks>", "addresses and networks from which it may be used, separated by commas", commas)
    .option("--collections <ids>", "the only collections that it sees, separated by commas", commas)
    .action(
      async (name: string, { expires, ...options }: Omit<Schemas["NewApiKey"], "name"> & { expires?: string }) => {
        const body = { name, ...options, ...(expires === undefined ? {} : { expiresAt: expires }) };
        show(await unwrap(client().POST("/api/v1/api-keys", { body })), withSecret);
      },
    );
  group
    .command("update")
    .description("rename a key, take permissions away, or change from where it may be used")
    .argument("<key>")
    .option("--name <name>")
    .option("--scopes <permissions>", "the permissions that are left, separated by commas", commas)
    .option("--addresses <networks>", "addresses and networks separated by commas, or all", (text) =>
      text === "all" ? null : commas(text),
    )
    .action(async (id: string, body: Schemas["ApiKeyChanges"]) =>
      show(await unwrap(client().PATCH("/api/v1/api-keys/{apiKeyId}", { ...key(id), body })), (found) => [
        keyLine(found),
      ]),
    );
  group
    .command("rotate")
    .description("replace the secret and print the new one, which is shown only once")
    .argument("<key>")
    .option(
      "--overlap-seconds <number>",
      "how long the former secret is valid too; 0 when it has leaked",
      Number,
      86_400,
    )
    .action(async (id: string, body: { overlapSeconds: number }) =>
      show(await unwrap(client().POST("/api/v1/api-keys/{apiKeyId}/rotate", { ...key(id), body })), withSecret),
    );
  group
    .command("revoke")
    .description("end a key at once")
    .argument("<key>")
    .action(async (id: string) =>
      show(await unwrap(client().DELETE("/api/v1/api-keys/{apiKeyId}", key(id))), () => []),
    );
};

const key = (apiKeyId: string) => ({ params: { path: { apiKeyId } } });
const commas = <T extends string>(text: string): T[] => text.split(",").map((part) => part.trim()) as T[];

export const keyState = ({ revokedAt, expiresAt }: Key): "revoked" | "expired" | "valid" => {
  if (revokedAt) return "revoked";
  return expiresAt && new Date(expiresAt) <= new Date() ? "expired" : "valid";
};
const keyLine = (key: Key): string => {
  const { id, role, name, lastUsedAt } = key;
  return `${id}  ${keyState(key).padEnd(7)}  ${role.padEnd(12)}  used ${lastUsedAt?.slice(0, 10) ?? "never     "}  ${name}`;
};
const withSecret = ({ apiKey, secret }: { apiKey: Key; secret: string }): string[] => [keyLine(apiKey), secret];
