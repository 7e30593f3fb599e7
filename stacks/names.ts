/**
 * `document-processing` → `DocumentProcessing`: from a name of the topology to the name of an SST component or link.
 */
export const pascal = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** An object with the same keys and the values that `make` returns. */
export const mapValues = <K extends string, V, W>(record: Record<K, V>, make: (value: V, key: K) => W): Record<K, W> =>
  Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, make(value, key as K)])) as Record<K, W>;

/** The API's host name when the stage has a domain. A stage in another region can take the name over. */
export const originName = (domain: string): string => `origin.${domain}`;
