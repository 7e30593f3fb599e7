/** The keys of an object literal with at least one key, in the type that `z.enum` requires. */
export const keysOf = <T extends object>(literal: T): [keyof T & string, ...(keyof T & string)[]] =>
  // Object.keys returns strings, since an object may have more keys than its type; a literal has none.
  Object.keys(literal) as [keyof T & string, ...(keyof T & string)[]];
