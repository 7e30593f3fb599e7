/**
 * The percentage of a month that AWS promises each service to work, with a credit otherwise
 * (https://aws.amazon.com/legal/service-level-agreements/, in 2024). It covers a database in two zones.
 */
const promises = {
  CloudFront: 99.9,
  WAF: 99.95,
  "API Gateway": 99.95,
  Lambda: 99.95,
  "RDS Proxy": 99.99,
  RDS: 99.95,
  S3: 99.9,
  Cognito: 99.9,
  "Secrets Manager": 99.9,
  "NAT gateway": 99.9,
} as const;
type Promised = keyof typeof promises;

const behindGateway: Promised[] = ["API Gateway", "Lambda", "RDS Proxy", "RDS"];
const request: Promised[] = ["CloudFront", "WAF", ...behindGateway];

/** What somebody does, and the services that must all work for it. */
export const paths = {
  "a request of any class": request,
  "a request, without CloudFront": behindGateway,
  "a request to a new process": [...request, "Secrets Manager", "NAT gateway"],
  "an upload or a download": [...request, "S3"],
  "a sign-in to the console": ["CloudFront", "WAF", "S3", "Cognito"],
} satisfies Record<string, Promised[]>;

/** Services that fail independently of each other work together for the product of their shares, from 0 to 1. */
export const promisedShare = (path: readonly Promised[]): number =>
  path.reduce((share, name) => share * (promises[name] / 100), 1);

const minutesPerMonth = 730 * 60;

export const promiseTable = (): string => {
  const rows = Object.entries(paths).map(([what, path]) => {
    const share = promisedShare(path);
    const listed = path.map((name) => `${name} ${promises[name]}`).join(", ");
    return `| ${what} | ${listed} | ${(share * 100).toFixed(2)} % | ${Math.round((1 - share) * minutesPerMonth)} |`;
  });
  return [
    "| | services, with AWS's promise in % | all of them | minutes a month without |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
};
