/** What consumers rely on: the version and the JSON Schema of `data` of each type. */
export type Snapshot = Record<string, { version: number; data: Record<string, unknown> }>;

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
} & Record<string, unknown>;

/**
 * Changes of the catalogue that break a consumer: a type that is gone, a property that is gone or no longer always there, and one
 * with another type or with values that it did not have. New types and new properties are additive. A type with a higher version
 * may change in any way.
 */
export const breakingChanges = (before: Snapshot, after: Snapshot): string[] =>
  Object.entries(before).flatMap(([type, old]) => {
    const now = after[type];
    if (!now) return [`${type}: the type is gone`];
    if (now.version > old.version) return [];
    if (now.version < old.version) return [`${type}: the version is lower`];
    // A snapshot contains JSON Schemas.
    return differences(old.data as Schema, now.data as Schema, type);
  });

const differences = (before: Schema, after: Schema, path: string): string[] => {
  const found: string[] = [];
  const { properties: had = {}, required: hadRequired = [], items: hadItems, enum: hadValues, ...hadRest } = before;
  const { properties: has = {}, required: hasRequired = [], items: hasItems, enum: hasValues, ...hasRest } = after;
  for (const [name, property] of Object.entries(had)) {
    const present = has[name];
    if (!present) found.push(`${path}.${name}: the property is gone`);
    else found.push(...differences(property, present, `${path}.${name}`));
  }
  for (const name of hadRequired)
    if (has[name] && !hasRequired.includes(name)) found.push(`${path}.${name}: the property may be missing`);
  if (hadItems) found.push(...(hasItems ? differences(hadItems, hasItems, `${path}[]`) : [`${path}: it is no list`]));
  if (hadValues && !(hasValues ?? []).every((value) => hadValues.includes(value)))
    found.push(`${path}: it has new values`);
  else if (hadValues && !hasValues) found.push(`${path}: its values are not listed any more`);
  if (JSON.stringify(sorted(hadRest)) !== JSON.stringify(sorted(hasRest))) found.push(`${path}: the schema differs`);
  return found;
};

const sorted = (value: Record<string, unknown>): [string, unknown][] =>
  Object.entries(value)
    .filter(([name]) => name !== "description")
    .sort(([a], [b]) => (a < b ? -1 : 1));
