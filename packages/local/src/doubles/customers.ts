import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { listeningPort } from "../listening-port.ts";
import { type Entry, putEvents } from "./bus.ts";

/** An error of STS or EventBridge: its status, its code and its words. */
class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A session of an assumed role: what its credentials may do, and until when. */
type Session = { secret: string; token: string; expiresAt: number; account: string; buses: string[] };
type Received = { bus: string; entry: Entry };

const receivedMax = 1_000;

/**
 * AWS accounts of customers on loopback: AssumeRole over STS's query protocol, and PutEvents over EventBridge's JSON protocol with
 * the credentials that AssumeRole returned. A role `resolve-X` trusts whoever names the ExternalId X, and `resolve-open` trusts
 * everybody; others do not exist. `GET /` returns the last events that all buses have received.
 */
export async function startCustomers(options: { port?: number; now?: () => number } = {}) {
  const now = options.now ?? Date.now;
  const sessions = new Map<string, Session>();
  const received: Received[] = [];
  const state = {
    assumed: 0,
    /** Roles that their account has deleted. */
    deletedRoles: new Set<string>(),
    /** EventBridge throttles the next so many entries, one by one, in a response with the status 200. */
    failedEntries: 0,
    isThrottled: false,
  };

  const assumeRole = (form: URLSearchParams): string => {
    const parameter = (name: string) => form.get(name) ?? "";
    const [, account, role = ""] = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@-]{1,64})$/.exec(parameter("RoleArn")) ?? [];
    const seconds = Number(form.get("DurationSeconds") ?? 3_600);
    if (!account || !/^[\w+=,.@-]{2,64}$/.test(parameter("RoleSessionName")) || !(seconds >= 900 && seconds <= 3_600))
      throw new Refused(400, "ValidationError", "The request has an invalid parameter.");
    const isTrusted = role === "resolve-open" || role === `resolve-${parameter("ExternalId")}`;
    // The same for a role that does not exist and for one that does not trust the caller.
    if (!isTrusted || state.deletedRoles.has(parameter("RoleArn")))
      throw new Refused(
        403,
        "AccessDenied",
        `User is not authorized to perform: sts:AssumeRole on resource: ${parameter("RoleArn")}`,
      );
    state.assumed += 1;
    const id = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const policy: { Statement: { Resource: string }[] } = JSON.parse(form.get("Policy") ?? '{"Statement":[]}');
    const session = {
      secret: randomBytes(30).toString("base64"),
      token: randomBytes(60).toString("base64"),
      expiresAt: now() + seconds * 1000,
      account,
      buses: policy.Statement.map(({ Resource }) => Resource),
    };
    sessions.set(id, session);
    const assumed = `arn:aws:sts::${account}:assumed-role/${role}/${parameter("RoleSessionName")}`;
    return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>${assumed}</Arn><AssumedRoleId>AROA:${parameter("RoleSessionName")}</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${session.secret}</SecretAccessKey><SessionToken>${session.token}</SessionToken><Expiration>${new Date(session.expiresAt).toISOString()}</Expiration></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`;
  };

  /** @throws Refused unless the request is signed with credentials that are valid now */
  const sessionOf = async (request: IncomingMessage, body: Buffer): Promise<Session> => {
    const parts = /Credential=(\w+)\/\d+\/([\w-]+)\/events\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/;
    const [, id = "", region = "", names = "", given] = parts.exec(request.headers.authorization ?? "") ?? [];
    const session = sessions.get(id);
    if (!session || request.headers["x-amz-security-token"] !== session.token)
      throw new Refused(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
    if (now() >= session.expiresAt)
      throw new Refused(400, "ExpiredTokenException", "The security token included in the request is expired");
    const signed = new Set(names.split(";"));
    const date = String(request.headers["x-amz-date"]).replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
    const signer = new SignatureV4({
      service: "events",
      region,
      credentials: { accessKeyId: id, secretAccessKey: session.secret },
      sha256: Sha256,
      applyChecksum: false,
    });
    const headers = Object.fromEntries([...signed].map((name) => [name, String(request.headers[name])]));
    const { hostname, port, pathname: path } = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const expected = await signer.sign(
      { method: "POST", protocol: "http:", hostname, port: Number(port), path, query: {}, headers, body } as never,
      { signingDate: new Date(date), signableHeaders: signed, unsignableHeaders: new Set<string>() },
    );
    if (!expected.headers["authorization"]?.endsWith(`Signature=${given}`))
      throw new Refused(400, "InvalidSignatureException", "The request signature does not match.");
    return session;
  };

  const put = (session: Session, entries: Entry[]): object => {
    if (state.isThrottled) throw new Refused(400, "ThrottlingException", "Rate exceeded");
    for (const { EventBusName = "" } of entries)
      if (!session.buses.includes(EventBusName) || EventBusName.split(":")[4] !== session.account)
        throw new Refused(
          400,
          "AccessDeniedException",
          `not authorized to perform: events:PutEvents on resource: ${EventBusName}`,
        );
    return putEvents(entries, (entry) => {
      if (state.failedEntries > 0) {
        state.failedEntries -= 1;
        return { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };
      }
      received.push({ bus: entry.EventBusName ?? "", entry });
      if (received.length > receivedMax) received.shift();
      return undefined;
    });
  };

  const server = createServer(async (request, response) => {
    const isQuery = String(request.headers["content-type"]).startsWith("application/x-www-form-urlencoded");
    const respond = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    if (request.method === "GET")
      return respond(200, "application/json", JSON.stringify(received.map(({ entry }) => entry)));
    const body = await buffer(request);
    try {
      if (isQuery) return respond(200, "text/xml", assumeRole(new URLSearchParams(body.toString("utf8"))));
      const session = await sessionOf(request, body);
      // The request of an AWS client.
      const { Entries } = JSON.parse(body.toString("utf8")) as { Entries: Entry[] };
      const answer = put(session, Entries);
      return respond("__type" in answer ? 400 : 200, "application/x-amz-json-1.1", JSON.stringify(answer));
    } catch (error) {
      const { status, code, message } =
        error instanceof Refused ? error : new Refused(500, "InternalFailure", String(error));
      if (!isQuery) return respond(status, "application/x-amz-json-1.1", JSON.stringify({ __type: code, message }));
      return respond(
        status,
        "text/xml",
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    /** The link `CustomerRoles`. */
    link: { endpoint: `http://127.0.0.1:${listeningPort(server)}`, region: "us-east-1" },
    received,
    state,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
