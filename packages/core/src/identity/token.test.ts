import { createHmac, generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../platform/problems.ts";

const poolIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Platform1";
const federatedIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Federated";
const oidcIssuer = "https://id.brandt.example";
const audience = "https://resolve.example/api";
const [halden, brandt] = ["ten_01k9x00000e008000000000001", "ten_01k9x00000e008000000000002"];

type Claims = Record<string, unknown>;
type Key = { jwk: JsonWebKey; pem: string; sign: (claims: unknown, header?: Claims) => string };

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** Signs anything, also what libraries refuse to sign. */
const newKey = (kid: string): Key => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" },
    pem: publicKey.export({ format: "pem", type: "spki" }).toString(),
    sign: (claims, header = {}) => {
      const input = `${encoded({ alg: "RS256", kid, ...header })}.${encoded(claims)}`;
      return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
    },
  };
};

/** The keys of all issuers, served like Cognito's; a test may replace the response. */
let respond: RequestListener;
let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  respond(request, response);
});
const [key, attacker, federatedKey, oidcKey] = [newKey("k1"), newKey("k1"), newKey("f1"), newKey("o1")];
let published: Record<string, Key[]>;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => server.close());

const seconds = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  iss: poolIssuer,
  sub: "3f0c6c1e-5a0b-4c52-9a39-111111111111",
  client_id: "web",
  token_use: "access",
  auth_time: seconds() - 60,
  iat: seconds(),
  exp: seconds() + 3600,
});

let verifyToken: typeof import("./token.ts").verifyToken;
let readIssuerKeys: typeof import("./token.ts").readIssuerKeys;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  requests = 0;
  published = { "/us-east-1_Platform1": [key], "/us-east-1_Federated": [federatedKey], "/brandt": [oidcKey] };
  respond = ({ url = "" }, response) => {
    const keys = published[url.replace("/.well-known/jwks.json", "")];
    response.writeHead(keys ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: keys?.map(({ jwk }) => jwk) }));
  };
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const federated = { issuer: federatedIssuer, jwksUri: `${address}/us-east-1_Federated/.well-known/jwks.json` };
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    UserPool: { id: "us-east-1_Platform1", clientId: "web", region: "us-east-1", endpoint: address },
    IdentityProviders: {
      providers: [
        { ...federated, clientId: "halden", tenantId: halden },
        { ...federated, clientId: "brandt", tenantId: brandt },
        { issuer: oidcIssuer, jwksUri: `${address}/brandt`, audience, tenantId: brandt },
      ],
    },
  });
  // A new process: no keys are known.
  vi.resetModules();
  ({ verifyToken, readIssuerKeys } = await import("./token.ts"));
});

/** The code of the refusal, with all that a client would see of it. */
const refusal = async (token: string): Promise<string> => {
  const error = await verifyToken(token).then(
    (identity) => JSON.stringify(identity),
    (error: unknown) => error,
  );
  // Modules were loaded again, so `instanceof` does not hold.
  if (!(error instanceof Error) || error.name !== Problem.name) return `no problem: ${error}`;
  const { code, message, extensions } = error as Problem;
  return JSON.stringify([code, message, extensions]);
};
const unauthenticated = JSON.stringify(["unauthenticated", "No valid credential", {}]);
const unavailable = JSON.stringify([
  "unavailable",
  "A part of the service is not available",
  { retryAfterSeconds: 10 },
]);

const hmacSigned = (secret: string, kid = "k1") => {
  const input = `${encoded({ alg: "HS256", kid })}.${encoded(claims())}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
};

describe("who the person is", () => {
  test("an access token of the platform's pool names account, client and time of the sign-in", async () => {
    const { auth_time } = claims();
    expect(await verifyToken(key.sign(claims()))).toEqual({
      issuer: poolIssuer,
      subject: claims().sub,
      clientId: "web",
      authTime: new Date(auth_time * 1000),
      tenantId: undefined,
    });
  });

  test("a client of the federated pool belongs to one tenant", async () => {
    for (const [client_id, tenantId] of [
      ["halden", halden],
      ["brandt", brandt],
    ]) {
      const token = federatedKey.sign({ ...claims(), iss: federatedIssuer, client_id });
      expect(await verifyToken(token)).toMatchObject({ issuer: federatedIssuer, tenantId });
    }
  });

  test("a tenant's own provider is verified by its audience", async () => {
    const { client_id: _, token_use: __, auth_time: ___, ...standard } = claims();
    const token = { ...standard, iss: oidcIssuer, aud: [audience], azp: "app" };
    expect(await verifyToken(oidcKey.sign(token))).toMatchObject({
      clientId: "app",
      tenantId: brandt,
      authTime: new Date(token.iat * 1000),
    });
    for (const wrong of [{ aud: "app" }, { aud: undefined }, { nonce: "n" }, { iss: poolIssuer }])
      expect(await refusal(oidcKey.sign({ ...token, ...wrong })), JSON.stringify(wrong)).toBe(unauthenticated);
  });
});

describe("an invalid token", () => {
  const changes: Record<string, Claims> = {
    "an ID token": { token_use: "id", aud: "web", client_id: undefined },
    "no token_use": { token_use: undefined },
    "another client": { client_id: "other" },
    "no client": { client_id: undefined, aud: "web" },
    "a list of clients": { client_id: ["web"] },
    "a client of the federated pool": { client_id: "halden" },
    "another pool": { iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Attacker1" },
    "the federated pool's issuer": { iss: federatedIssuer, client_id: "halden" },
    "an issuer with a path behind it": { iss: `${poolIssuer}/` },
    "an issuer of objects": { iss: "__proto__" },
    "no issuer": { iss: undefined },
    expired: { exp: 1 },
    "no expiry": { exp: undefined },
    "an expiry that is text": { exp: "9999999999" },
    "not valid yet": { nbf: 9_999_999_999 },
    "no subject": { sub: undefined },
    "an empty subject": { sub: "" },
    "a subject with a NUL": { sub: "a\0b" },
    "a long subject": { sub: "a".repeat(256) },
    "no time of the sign-in": { auth_time: undefined, iat: undefined },
    "a time that is text": { auth_time: "now" },
  };
  test.each(Object.entries(changes))("%s: gets the one 401", async (_, change) => {
    expect(await refusal(key.sign({ ...claims(), ...change }))).toBe(unauthenticated);
  });

  const forgeries: Record<string, () => string> = {
    "alg none": () => `${encoded({ alg: "none", kid: "k1" })}.${encoded(claims())}.`,
    "alg None with a signature": () => {
      const [, payload, signature] = key.sign(claims()).split(".");
      return `${encoded({ alg: "None", kid: "k1" })}.${payload}.${signature}`;
    },
    "HS256 with the public key as PEM": () => hmacSigned(key.pem),
    "HS256 with the public key as JWK": () => hmacSigned(JSON.stringify(key.jwk)),
    "HS256 with an empty secret": () => hmacSigned(""),
    "another algorithm than the key's": () => {
      const [, payload, signature] = key.sign(claims()).split(".");
      return `${encoded({ alg: "RS512", kid: "k1" })}.${payload}.${signature}`;
    },
    "a foreign key with the same id": () => attacker.sign(claims()),
    "a key in the header": () => attacker.sign(claims(), { kid: "mine", jwk: attacker.jwk }),
    "an address of keys in the header": () => attacker.sign(claims(), { kid: "mine", jku: "https://attacker.example" }),
    "a key id that is a path": () => attacker.sign(claims(), { kid: "../../../../dev/null" }),
    "a key id that is SQL": () => attacker.sign(claims(), { kid: "' union select 'key" }),
    "a key id of objects": () => attacker.sign(claims(), { kid: "__proto__" }),
    "no key id": () => key.sign(claims(), { kid: undefined }),
    "an extension that must be understood": () => key.sign(claims(), { crit: ["b64"], b64: true }),
    "a changed payload": () => {
      const [header, , signature] = key.sign(claims()).split(".");
      return `${header}.${encoded({ ...claims(), sub: "another" })}.${signature}`;
    },
    "four parts": () => `${key.sign(claims())}.x`,
    "two parts": () => key.sign(claims()).split(".").slice(0, 2).join("."),
    "a payload that is a list": () => `${encoded({ alg: "RS256", kid: "k1" })}.${encoded([])}.eA`,
    "a header that is not JSON": () => "eA.eA.eA",
    "no token": () => "...",
    "9 kB": () => key.sign({ ...claims(), "cognito:groups": "g".repeat(9_000) }),
    "a megabyte": () => `${"a".repeat(1_000_000)}.a.a`,
  };
  test.each(Object.entries(forgeries))("%s: gets the one 401", async (_, forge) => {
    expect(await refusal(forge())).toBe(unauthenticated);
  });
});

describe("the keys of an issuer", () => {
  const unknown = (kid: string) => attacker.sign(claims(), { kid });

  test("are read before the first token", async () => {
    await readIssuerKeys();
    expect(requests).toBe(3);
    await verifyToken(key.sign(claims()));
    expect(requests).toBe(3);
  });

  test("tokens with invented keys have them read once in ten seconds", async () => {
    await verifyToken(key.sign(claims()));
    const tokens = Array.from({ length: 40 }, (_, at) => unknown(`kid-${at}`));
    const first = await Promise.all(tokens.slice(0, 20).map(refusal));
    for (const token of tokens.slice(20)) first.push(await refusal(token));
    expect(new Set(first)).toEqual(new Set([unauthenticated]));
    expect(requests).toBe(2);
    expect(await verifyToken(key.sign(claims()))).toBeTruthy();
    vi.setSystemTime(Date.now() + 10_001);
    await refusal(tokens[0]!);
    expect(requests).toBe(3);
  });

  test("an issuer without keys is not asked for each token", async () => {
    published["/us-east-1_Platform1"] = [];
    for (const kid of ["a", "b", "c"]) expect(await refusal(unknown(kid))).toBe(unauthenticated);
    expect(requests).toBe(1);
  });

  test("a new key is accepted at once, and a withdrawn one for an hour", async () => {
    await verifyToken(key.sign(claims()));
    const next = newKey("k2");
    published["/us-east-1_Platform1"] = [key, next];
    await verifyToken(next.sign(claims()));
    published["/us-east-1_Platform1"] = [next];
    await verifyToken(key.sign(claims()));
    expect(requests).toBe(2);
    vi.setSystemTime(Date.now() + 3_600_001);
    expect(await refusal(key.sign(claims()))).toBe(unauthenticated);
    await verifyToken(next.sign(claims()));
  });

  const failures: Record<string, RequestListener> = {
    "an error": (_, response) => response.writeHead(500).end(),
    "a page instead of keys": (_, response) => response.writeHead(200).end("<html></html>"),
    "a redirect": (_, response) => response.writeHead(302, { location: "/brandt" }).end(),
    "too much": (_, response) => response.writeHead(200).end(" ".repeat(200_000)),
    "a closed connection": (request) => request.destroy(),
    "no response": () => {},
  };
  test.each(Object.entries(failures))("%s: nothing is known about the token, so it is 503", async (_, failure) => {
    const healthy = respond;
    respond = failure;
    const token = key.sign(claims());
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await refusal(token)).toBe(unavailable);
    expect(requests).toBe(1);
    respond = healthy;
    vi.setSystemTime(Date.now() + 10_001);
    expect(await verifyToken(token)).toBeTruthy();
  });

  test("keys that were read before serve while the issuer is down, also after an hour", async () => {
    const token = key.sign({ ...claims(), exp: seconds() + 86_400 });
    await verifyToken(token);
    respond = (request) => request.destroy();
    await verifyToken(token);
    vi.setSystemTime(Date.now() + 3_600_001);
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await verifyToken(token)).toBeTruthy();
    expect(requests).toBe(2);
    // An unknown key may be a new one.
    expect(await refusal(unknown("new"))).toBe(unavailable);
  });
});
