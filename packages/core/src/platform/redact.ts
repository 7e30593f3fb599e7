/** Texts that contain no secret and nothing of a document, whatever their member is named. */
const shownTexts = [
  /^[a-z]{2,4}_[0-9a-z]{26}$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
  /^t\/ten_[0-9a-z]{26}\/doc_[0-9a-z]{26}\/\d+$/,
];
/** Members whose texts are words of our own or of AWS. */
const shownMembers = new Set(["type", "source", "detail-type", "topic", "cause", "code", "condition", "functionError"]);

/**
 * A copy for operators: ids, times, numbers and types stay, and every other text is replaced by its length. The values of
 * `headers` are all replaced, because a tenant chooses their names.
 */
export const redact = (value: unknown, member = ""): unknown => {
  if (typeof value === "string") {
    const isShown = shownMembers.has(member) || shownTexts.some((shown) => shown.test(value));
    return isShown && member !== "headers" ? value : `[${value.length} characters]`;
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, member));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    redact(inner, member === "headers" ? member : name),
  ]);
  return Object.fromEntries(entries);
};
