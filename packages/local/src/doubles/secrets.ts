import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { listeningPort } from "../listening-port.ts";

type Version = { value: string | undefined; stages: Set<string> };
type Secret = Map<string, Version>;
type Request = {
  SecretId: string;
  VersionId?: string;
  VersionStage?: string;
  ClientRequestToken?: string;
  SecretString?: string;
  VersionStages?: string[];
  MoveToVersionId?: string;
};
/** The event with which Secrets Manager invokes a rotation function. */
export type RotationEvent = { SecretId: string; ClientRequestToken: string; Step: string };

class Refusal extends Error {}

const rotationSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** Secrets Manager on loopback: versions and staging labels over AWS's JSON protocol. */
export async function startSecrets(names: readonly string[]) {
  const secrets = new Map<string, Secret>(names.map((name) => [arnOf(name), new Map()]));
  let requests = 0;
  let fault: "fails" | "hangs" | undefined;

  const versionOf = (secret: Secret, { VersionId, VersionStage = "AWSCURRENT" }: Request) => {
    const labelled = [...secret].find(([id, { stages }]) => stages.has(VersionStage) && (VersionId ?? id) === id);
    if (labelled?.[1].value === undefined) throw new Refusal("ResourceNotFoundException");
    return labelled;
  };
  /** Moves a label to a version; AWSPREVIOUS moves to the version that AWSCURRENT leaves. */
  const label = (secret: Secret, id: string, stage: string): void => {
    const before = [...secret].find(([, { stages }]) => stages.has(stage))?.[0];
    if (before === id) return;
    if (before && stage === "AWSCURRENT") label(secret, before, "AWSPREVIOUS");
    if (before) secret.get(before)?.stages.delete(stage);
    secret.get(id)?.stages.add(stage);
  };

  const actions: Record<string, (secret: Secret, request: Request) => unknown> = {
    GetSecretValue(secret, request) {
      const [VersionId, { value, stages }] = versionOf(secret, request);
      return { ARN: request.SecretId, VersionId, SecretString: value, VersionStages: [...stages] };
    },
    PutSecretValue(secret, { ClientRequestToken: id = randomUUID(), SecretString, VersionStages = ["AWSCURRENT"] }) {
      const version = secret.get(id) ?? { value: undefined, stages: new Set<string>() };
      if (version.value !== undefined && version.value !== SecretString) throw new Refusal("ResourceExistsException");
      version.value = SecretString;
      // The first version always becomes the current one.
      const stages = secret.size === 0 ? ["AWSCURRENT", ...VersionStages] : VersionStages;
      secret.set(id, version);
      for (const stage of stages) label(secret, id, stage);
      return { VersionId: id };
    },
    DescribeSecret: (secret) => ({
      VersionIdsToStages: Object.fromEntries([...secret].map(([id, { stages }]) => [id, [...stages]])),
    }),
    UpdateSecretVersionStage(secret, { VersionStage = "", MoveToVersionId = "" }) {
      if (!secret.has(MoveToVersionId)) throw new Refusal("ResourceNotFoundException");
      label(secret, MoveToVersionId, VersionStage);
      return {};
    },
  };

  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const respond = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    requests += 1;
    if (fault === "hangs") return;
    if (fault === "fails") return respond(503, { __type: "InternalServiceError" });
    try {
      const [, action = ""] = String(request.headers["x-amz-target"]).split(".");
      const body: Request = JSON.parse(bytes.toString("utf8"));
      const secret = secrets.get(body.SecretId);
      if (!secret) throw new Refusal("ResourceNotFoundException");
      if (!actions[action]) throw new Refusal("InvalidRequestException");
      return respond(200, actions[action](secret, body));
    } catch (error) {
      if (error instanceof Refusal) return respond(400, { __type: error.message });
      throw error;
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${listeningPort(server)}`;
  const secretOf = (name: string): Secret => {
    const secret = secrets.get(arnOf(name));
    if (!secret) throw new Error(`there is no secret ${name}`);
    return secret;
  };
  return {
    endpoint,
    /** The properties of a secret in a link. */
    link: (name: string) => ({ secretArn: arnOf(name), endpoint }),
    /** The value of the version with a label. */
    value: (name: string, stage = "AWSCURRENT"): string =>
      versionOf(secretOf(name), { SecretId: name, VersionStage: stage })[1].value ?? "",
    put: (name: string, value: string) =>
      actions["PutSecretValue"]?.(secretOf(name), { SecretId: name, SecretString: value }),
    /**
     * Runs a rotation as Secrets Manager does: it creates a pending version without a value and invokes the function
     * four times.
     */
    async rotate(name: string, invoke: (event: RotationEvent) => Promise<unknown>): Promise<void> {
      const [SecretId, ClientRequestToken] = [arnOf(name), randomUUID()];
      const secret = secretOf(name);
      secret.set(ClientRequestToken, { value: undefined, stages: new Set() });
      label(secret, ClientRequestToken, "AWSPENDING");
      for (const Step of rotationSteps) await invoke({ SecretId, ClientRequestToken, Step });
    },
    /** The number of requests so far. */
    requests: () => requests,
    /** Makes all requests fail or hang, or work again. */
    setFault(next: typeof fault) {
      fault = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const arnOf = (name: string): string => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`;
