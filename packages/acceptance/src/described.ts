import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ApiResponse } from "./client.ts";

type Media = { schema: object; example?: unknown };
type Operation = {
  operationId: string;
  requestBody?: { content?: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
};
/** The parts of an OpenAPI document that are compared. */
export type OpenApi = { paths?: Record<string, Record<string, Operation>> };

/** Statuses that a gateway may return on any route. */
const ofGateway = [429, 502, 504];

/** Finds the route of a request by its path. */
const routeFinder = (document: OpenApi) => {
  const routes = Object.entries(document.paths ?? {}).map(([template, item]) => ({
    template,
    item,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }));
  // `/documents/count` before `/documents/{documentId}`.
  routes.sort((a, b) => a.template.split("{").length - b.template.split("{").length);
  return (method: string, path: string) => {
    const [pathname = ""] = path.split("?");
    return routes.find(({ pattern, item }) => pattern.test(pathname) && method.toLowerCase() in item);
  };
};

/** The operation's id; undefined for a request of no route. */
export const operationOf = (document: OpenApi, method: string, path: string): string | undefined =>
  routeFinder(document)(method, path)?.item[method.toLowerCase()]?.operationId;

type Answered = Pick<ApiResponse, "status" | "body">;

/**
 * Compares requests and responses with the OpenAPI document: the status is declared for the route, and the bodies match their
 * schemas. It returns what differs, or undefined; requests of no route are not judged.
 */
export const describedBy = (document: OpenApi) => {
  // Descriptions of an API have keywords of their own, such as `x-access`.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.json");
  const find = routeFinder(document);

  /** What in `value` differs from the schema at these keys of the document. */
  const difference = (keys: string[], value: unknown): string | undefined => {
    const pointer = keys.map((key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const validate: ValidateFunction = ajv.getSchema(`openapi.json#/${pointer}`)!;
    if (validate(value)) return;
    return `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 2000)}`;
  };

  return (method: string, path: string, sent: unknown, { status, body }: Answered): string | undefined => {
    const route = find(method, path);
    if (!route || ofGateway.includes(status)) return;
    const verb = method.toLowerCase();
    const name = `${method} ${route.template} ${status}`;
    const operation = route.item[verb]!;
    const response = operation.responses[status];
    if (!response) return `${name} is not described: ${JSON.stringify(body)}`;
    const at = ["paths", route.template, verb];
    const [type] = Object.keys(response.content ?? {});
    const got = type && difference([...at, "responses", String(status), "content", type, "schema"], body);
    if (got) return `${name}: ${got}`;
    // A request that is accepted must be one that is described.
    const json = operation.requestBody?.content?.["application/json"];
    if (status >= 300 || !json || sent === undefined || typeof sent === "string") return;
    const accepted = difference([...at, "requestBody", "content", "application/json", "schema"], sent);
    return accepted && `${name} accepts: ${accepted}`;
  };
};
