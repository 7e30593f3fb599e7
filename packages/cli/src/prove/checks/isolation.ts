import { randomInt } from "node:crypto";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { createObjects } from "../objects.ts";
import type { ApiResponse, Tenant } from "../tenant.ts";

const concurrency = 4;
/** A member is a person who has signed in and accepted an invitation; the tests of the permission matrix have some. */
const needsPerson = "usr";

export const isolation: Check = {
  name: "isolation",
  promise: "No customer can read, change or even notice what another customer has",
  limit: "0 leaks",
  async run({ a, b, apiUrl }) {
    const faults: string[] = [];
    let attempts = 0;
    const theirs = await createObjects(b);
    const secrets = [b.marker, b.id, ...Object.values(theirs)];
    const before = await stateOf(b);

    /** The response to A for an object of B must equal the response for an object that does not exist. `theirs` has each requested prefix. */
    const compare = async (what: string, request: (idOf: (prefix: string) => string) => ReturnType<Tenant["call"]>) => {
      attempts += 1;
      const [theirIds, missingIds]: [string[], string[]] = [[], []];
      const keep = (list: string[]) => (id: string) => {
        list.push(id);
        return id;
      };
      const [their, missing] = await Promise.all([
        request((prefix) => keep(theirIds)(theirs[prefix]!)),
        request((prefix) => keep(missingIds)(similar(theirs[prefix]!))),
      ]);
      const [seen, expected] = [comparable(their, theirIds), comparable(missing, missingIds)];
      if (seen !== expected)
        faults.push(`${what} shows that B's object exists: ${their.status}, otherwise ${missing.status}`);
      return their;
    };
    /** A response to A must not contain any data of B. */
    const search = async (what: string, response: Promise<ApiResponse>) => {
      attempts += 1;
      const { text, headers } = await response;
      const found = secrets.find(
        (secret) => text.includes(secret) || [...headers.values()].some((value) => value.includes(secret)),
      );
      if (found) faults.push(`${what} shows ${found} of B`);
    };

    const routes = await routesOf(apiUrl);
    const withIds = routes.filter(({ prefixes }) => prefixes.size > 0);
    for (const { route, prefixes } of withIds)
      for (const prefix of prefixes.values())
        if (!theirs[prefix] && prefix !== needsPerson)
          faults.push(`${route} was not tried: this check creates no ${prefix}_…`);
    const triable = withIds.filter(({ prefixes }) => [...prefixes.values()].every((prefix) => theirs[prefix]));
    await pMap(
      triable,
      async ({ route, method, path, prefixes, hasBody }) => {
        const body = hasBody ? (bodies[route] ?? {}) : undefined;
        const fill = (idOf: (prefix: string) => string) =>
          path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
            const prefix = prefixes.get(name);
            return prefix ? idOf(prefix) : "x";
          });
        const { status } = await compare(route, (idOf) => a.call(method, fill(idOf), { body }));
        if (status < 400) faults.push(`${route} responds with ${status} for an object of B`);
        // A request that is refused before the look-up of the object proves nothing.
        if (status === 400 || status === 415)
          faults.push(`${route} was not tried: it responds with ${status} to this check's body`);
      },
      { concurrency },
    );

    for (const [what, request] of Object.entries(withIdsOutsidePath(a, b.marker))) await compare(what, request);

    // Routes without an id in their path, such as lists, also with a cursor at an object of B.
    await pMap(
      routes.filter(({ method, prefixes, path }) => method === "GET" && prefixes.size === 0 && !path.includes("{")),
      async ({ route, path, hasCursor }) => {
        await search(route, a.call("GET", path));
        if (hasCursor)
          for (const id of Object.values(theirs))
            await search(`${route} after ${id}`, a.call("GET", `${path}?cursor=${id}`));
      },
      { concurrency },
    );
    for (const mode of ["hybrid", "keyword", "vector"])
      for (const query of [b.marker, b.fact.question.replace(b.marker, ""), `"${b.marker}"`]) {
        const body = { query, mode, limit: 100, explain: true, exact: mode === "vector" };
        await search(`a ${mode} search for B's words`, a.call("POST", "/api/v1/search", { body }));
      }
    await search(
      "an answer to B's question",
      a.call("POST", "/api/v1/answers", { body: { question: b.fact.question.replace(b.marker, "it") } }),
    );

    // Only an operator may enter another tenant, whatever the reason.
    const headers = { "x-resolve-reason": "resolve prove tries to read another tenant" };
    for (const [method, path, body] of [
      ["GET", "/api/v1/documents"],
      ["GET", "/api/v1/events"],
      ["GET", `/api/v1/documents/${theirs["doc"]}/text`],
      ["POST", "/api/v1/search", { query: b.marker }],
      ["POST", "/api/v1/api-keys", { name: "inside", role: "tenant_admin" }],
      ["DELETE", `/api/v1/documents/${theirs["doc"]}`],
    ] as const) {
      const what = `${method} ${path.replace(/doc_\w+/, "{documentId}")} with X-Resolve-Tenant`;
      const { status } = await compare(what, (idOf) =>
        a.call(method, path, { body, headers: { ...headers, "x-resolve-tenant": idOf("ten") } }),
      );
      if (status < 400) faults.push(`${what} lets A into B`);
    }

    if ((await stateOf(b)) !== before)
      faults.push("B's documents, collections, groups, invitations, webhooks or keys have changed");
    return {
      measured: `${faults.length} leaks in ${attempts} attempts`,
      passed: faults.length === 0,
      detail: details(
        [
          `${triable.length} routes with an id in their path, called by customer A with ids of customer B and with ids that do not exist: the responses must be the same. ${withIds.length - triable.length} routes of members were not called, since members sign in`,
          "B's ids in bodies, filters, cursors and headers; A's lists, event log, searches and answers, which must not contain words that only B has",
        ],
        faults,
      ),
    };
  },
};

/** The data of B that an attempt of A could change. */
const stateOf = async ({ call }: Tenant): Promise<string> => {
  const lists = await Promise.all(
    ["documents", "collections", "groups", "invitations", "webhooks", "api-keys"].map((list) =>
      call("GET", `/api/v1/${list}?limit=100`),
    ),
  );
  return lists.map(({ text }) => text).join("\n");
};

/** A valid id that does not exist: only the random end of its UUIDv7 differs. */
const similar = (id: string): string => {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  return id.slice(0, -10) + Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join("");
};

const headersCompared = [
  "content-type",
  "etag",
  "location",
  "www-authenticate",
  "retry-after",
  "idempotency-replayed",
  "cache-control",
];

const comparable = ({ status, headers, text, json }: ApiResponse, ids: string[]): string => {
  const { requestId: _, instance: __, timingsMs: ___, ...rest } = json;
  const shown = JSON.stringify([
    status,
    headersCompared.map((name) => headers.get(name)),
    Object.keys(json).length > 0 ? rest : text,
  ]);
  return ids.reduce((result, id) => result.replaceAll(id, "…"), shown);
};

type Route = {
  route: string;
  method: string;
  path: string;
  prefixes: Map<string, string>;
  hasCursor: boolean;
  hasBody: boolean;
};
type Described = {
  requestBody?: object;
  parameters?: { name: string; in: string; example?: string; schema?: { example?: string } }[];
};

/** Every route of the system's OpenAPI document, with the prefix of each id in its path. */
const routesOf = async (apiUrl: string): Promise<Route[]> => {
  const response = await fetch(`${apiUrl}/openapi.json`);
  // The parts of an OpenAPI document that are read here.
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [], requestBody }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      hasBody: requestBody !== undefined,
      hasCursor: parameters.some(({ name }) => name === "cursor"),
      prefixes: new Map(
        parameters.flatMap(({ name, in: where, example, schema }) => {
          const prefix = /^([a-z]{3})_/.exec(example ?? schema?.example ?? "")?.[1];
          return where === "path" && prefix ? [[name, prefix] as const] : [];
        }),
      ),
    })),
  );
};

/** Bodies of routes that check the body before they look up the object. */
const bodies: Record<string, unknown> = {
  "POST /api/v1/documents/{documentId}/versions": { text: "Other words." },
  "POST /api/v1/webhooks/{webhookId}/recover": { since: new Date(Date.now() - 60_000).toISOString() },
  "POST /api/v1/webhooks/{webhookId}/replay": { after: 0, until: 1 },
};

/** Requests with ids of B outside the path. */
const withIdsOutsidePath = (
  a: Tenant,
  marker: string,
): Record<string, (idOf: (prefix: string) => string) => ReturnType<Tenant["call"]>> => {
  const search = (body: object) =>
    a.call("POST", "/api/v1/search", { body: { query: "holiday garage canteen", ...body } });
  const answer = (body: object) =>
    a.call("POST", "/api/v1/answers", { body: { question: "When does the garage close?", ...body } });
  const bulk = (action: string) => (idOf: (prefix: string) => string) =>
    a.call("POST", "/api/v1/documents/bulk", { body: { action, documentIds: [idOf("doc")] } });
  return {
    "a new document in B's collection": (idOf) =>
      a.call("POST", "/api/v1/documents", { body: { name: "x.txt", text: "x y z", collectionId: idOf("col") } }),
    "a collection for B's key": (idOf) =>
      a.call("POST", "/api/v1/collections", {
        body: { name: `x ${marker.slice(4)}`, access: { apiKeyIds: [idOf("key")] } },
      }),
    "a collection for B's group": (idOf) =>
      a.call("POST", "/api/v1/collections", {
        body: { name: `y ${marker.slice(4)}`, access: { groupIds: [idOf("grp")] } },
      }),
    "the groups of B's key": (idOf) => a.call("GET", `/api/v1/groups?memberId=${idOf("key")}`),
    "a list of B's collection": (idOf) => a.call("GET", `/api/v1/documents?collectionId=${idOf("col")}`),
    "a search in B's collection": (idOf) => search({ collectionIds: [idOf("col")] }),
    "a search with a filter on B's collection": (idOf) => search({ filter: { collectionId: idOf("col") } }),
    "an answer from B's collection": (idOf) => answer({ collectionIds: [idOf("col")] }),
    "an answer with a filter on B's collection": (idOf) => answer({ filter: { collectionId: { $in: [idOf("col")] } } }),
    "a bulk delete of B's document": bulk("delete"),
    "a bulk retry of B's document": bulk("retry"),
    "a bulk cancel of B's document": bulk("cancel"),
    "a bulk restore of B's document": bulk("restore"),
  };
};
