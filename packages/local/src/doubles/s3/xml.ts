/** The little XML of S3's protocol: elements without attributes. */

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
const characters = Object.fromEntries(Object.entries(entities).map(([character, entity]) => [entity, character]));

type Values = Record<string, string | number | boolean | undefined>;

/** One element for each value that is defined. */
export const tags = (values: Values): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${String(value).replace(/[&<>"']/g, (one) => entities[one]!)}</${name}>`)
    .join("");

export const element = (name: string, values: Values, more = ""): string => `<${name}>${tags(values)}${more}</${name}>`;

/** The text of the first element with this name. */
export const textOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => characters[entity]!)
    .replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, decimal) =>
      String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    );

/** The content of each element with this name. */
export const elementsOf = (xml: string, name: string): string[] =>
  xml
    .split(`<${name}>`)
    .slice(1)
    .map((rest) => rest.split(`</${name}>`, 1)[0]!);
