import type { Evaluation } from "./evaluation.ts";
import { account, recoveryNote } from "./mocks.mjs";

/** SST creates them in a callback that gets the target's address, so the target exists, although Pulumi does not know why. */
const createdInCallbacks = ["aws:route53/record:Record"];

/** ARNs of the account that belong to no resource of the stage. */
const outside = [
  // What a recovering stage uses of the lost one. The key of the tenants has the same id in both regions.
  new RegExp(`^${recoveryNote.databaseBackupsArn}$`),
  new RegExp(`^${recoveryNote.documents.keyArn}$`),
  new RegExp(`^${recoveryNote.tenantKeyArn.replace("us-west-2", "us-(west-2|east-1)")}$`),
  // The account itself, and any distribution of it (stacks/storage.ts).
  new RegExp(`^arn:aws:iam::${account}:root$`),
  new RegExp(`^arn:aws:cloudfront::${account}:distribution/\\*$`),
];

/** Names that other texts contain by chance, such as `live`, say nothing; these are an app's, generated, ARNs or addresses. */
const telling =
  /^resolve[-/]|^\/|-[0-9a-f]{7}$|^arn:|^https?:|\.(amazonaws\.com|cloudfront\.net|rds\.example|proxy\.example)$/;

/**
 * What each resource refers to, and what is wrong with it: an ARN of the account must be that of a resource of the stage,
 * and a resource whose ARN, id or name is used must have been created before, because the user waits for it. A name that
 * was written by hand does not make Pulumi wait.
 */
export const referenceProblems = ({ resources }: Evaluation): string[] => {
  const owners = new Map<string, string[]>();
  for (const { type, name, outputs } of resources)
    for (const output of new Set(outputs)) owners.set(output, [...(owners.get(output) ?? []), `${type} ${name}`]);
  const direct = new Map(resources.map(({ type, name, dependencies }) => [`${type} ${name}`, dependencies]));
  const problems: string[] = [];
  // Other providers do not create resources in AWS, and a link is no resource.
  for (const { type, name, inputs, named } of resources.filter(({ type }) => type.startsWith("aws:"))) {
    const self = `${type} ${name}`;
    const before = reach(direct, self);
    for (const [property, text] of texts(inputs)) {
      // Its own name, which other resources may have too.
      if (property === named?.property && text === named.value) continue;
      for (const token of tokens(text, owners)) {
        const candidates = owners.get(token)?.filter((one) => one !== self);
        if (!candidates?.length) {
          if (
            token.startsWith("arn:") &&
            token.includes(`:${account}:`) &&
            !outside.some((one) => one.test(token)) &&
            !owners.has(token)
          )
            problems.push(`${name}: ${property} refers to ${token}, which no resource of the stage has`);
        } else if (!createdInCallbacks.includes(type) && !candidates.some((one) => before.has(one)))
          problems.push(`${name}: ${property} refers to ${candidates.join(" or ")}, and does not wait for it`);
      }
    }
  }
  return [...new Set(problems)];
};

/** The resources that one waits for, directly or not. */
export const reach = (direct: Map<string, string[]>, from: string): Set<string> => {
  const reached = new Set<string>();
  const waiting = [from];
  for (let one = waiting.pop(); one; one = waiting.pop())
    for (const next of direct.get(one) ?? [])
      if (!reached.has(next)) {
        reached.add(next);
        waiting.push(next);
      }
  return reached;
};

/** Every text in a value, with the name of the outermost property that contains it. */
const texts = (inputs: Record<string, unknown>): [property: string, text: string][] => {
  const found: [string, string][] = [];
  const visit = (property: string, value: unknown): void => {
    if (typeof value === "string") found.push([property, value]);
    else if (value !== null && typeof value === "object")
      for (const inner of Object.values(value)) visit(property, inner);
  };
  for (const [property, value] of Object.entries(inputs)) visit(property, value);
  return found;
};

/** The text itself when it is such a name, or the ARNs and names within it. */
const tokens = (text: string, owners: Map<string, string[]>): string[] => {
  if (owners.has(text)) return telling.test(text) ? [text] : [];
  const arns: string[] = [];
  const rest = text.replace(/arn:aws:[\w-]*:[\w-]*:\d*:[\w.:/$@+=,*-]*/g, (arn) => {
    arns.push(ownerOf(arn, owners));
    return " ";
  });
  return [...new Set([...arns, ...rest.split(/[^\w.-]+/)])].filter((one) => telling.test(one));
};

/** A resource's ARN without the object, version, stream or wildcard that follows it. */
const ownerOf = (arn: string, owners: Map<string, string[]>): string => {
  for (let part = arn; part.split(":").length > 5; part = part.replace(/[:/][^:/]*$/, ""))
    if (owners.has(part)) return part;
  return arn;
};
