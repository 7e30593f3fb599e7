/** The `source` of a type's events on EventBridge. */
export const sourceOf = (type: string): string => `resolve.${type.split(".")[0]}`;
