export { metricNamespace, pascal } from "../packages/functions/src/topology.ts";

/** The dimension of our own metrics for the stage, which each log line contains. */
export const fromLogs = { stage: "$.stage" };

/**
 * Under `sst dev`, functions may stop at a breakpoint for as long as Lambda allows. A message must stay invisible at least
 * as long as its function may run, otherwise Lambda refuses the subscription.
 */
export const breakpointSeconds = 900;

/** An object with the same keys and the values that `make` returns. */
export const mapValues = <K extends string, V, W>(record: Record<K, V>, make: (value: V, key: K) => W): Record<K, W> =>
  Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, make(value, key as K)])) as Record<K, W>;

/** The API's host name when the stage has a domain. A stage in another region can take the name over. */
export const originName = (domain: string): string => `origin.${domain}`;
