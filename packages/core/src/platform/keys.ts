/** The keys of an object literal, of which there is at least one, as `z.enum` wants them. */
export const keysOf = <T extends object>(literal: T): [keyof T & string, ...(keyof T & string)[]] =>
  // Object.keys returns strings, since an object may have more keys than its type; a literal has none.
  Object.keys(literal) as [keyof T & string, ...(keyof T & string)[]];
