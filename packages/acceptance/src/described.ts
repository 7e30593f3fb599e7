import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ApiResponse } from "./client.ts";

type Media = { schema: object };
type Operation = { responses: Record<string, { content?: Record<string, Media> }> };
/** The parts of an OpenAPI document that are compared. */
export type OpenApi = { paths: Record<string, Record<string, Operation>> };

/** Statuses that a gateway may return on any route. */
const ofGateway = [429, 502, 504];

/**
 * Compares responses with the OpenAPI document: the status is declared for the route, and the body matches its schema. It returns
 * what differs, or undefined; requests of no route are not judged.
 */
export const describedBy = (document: OpenApi) => {
  // Descriptions of an API have keywords of their own, such as `x-access`.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.json");
  const routes = Object.entries(document.paths).map(([template, item]) => ({
    template,
    item,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }));
  // `/documents/count` before `/documents/{documentId}`.
  routes.sort((a, b) => a.template.split("{").length - b.template.split("{").length);

  return (method: string, path: string, { status, body }: Pick<ApiResponse, "status" | "body">): string | undefined => {
    const [pathname = ""] = path.split("?");
    const route = routes.find(({ pattern, item }) => pattern.test(pathname) && method.toLowerCase() in item);
    if (!route || ofGateway.includes(status)) return;
    const name = `${method} ${route.template}`;
    const response = route.item[method.toLowerCase()]!.responses[status];
    if (!response) return `${name} responds ${status}, which its description does not have: ${JSON.stringify(body)}`;
    const [type] = Object.keys(response.content ?? {});
    if (!type) return;
    const parts = [
      "paths",
      route.template,
      method.toLowerCase(),
      "responses",
      String(status),
      "content",
      type,
      "schema",
    ];
    const pointer = parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const validate: ValidateFunction = ajv.getSchema(`openapi.json#/${pointer}`)!;
    if (validate(body)) return;
    return `${name} ${status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 2000)}`;
  };
};
