// `npm run -s infra:preflight -- --stage production [--evaluation FILE]`
// Compares an account with what the first deployment of a stage needs (stacks/requirements.ts). It only reads. Credentials: the
// environment or the AWS CLI. It fails when something is missing or cannot be read.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { connect, elements } from "./aws.mjs";
import { optionsOf } from "./options.ts";

optionsOf(import.meta.filename, { stage: { type: "string" }, evaluation: { type: "string" } });

const ec2 = (aws, region, action) => aws.query(`ec2.${region}.amazonaws.com`, "ec2", region, "2016-11-15", action);

/** What is in use of a quota that counts things. */
const used = {
  vpcs: async (aws, region) => elements(await ec2(aws, region, "DescribeVpcs"), "vpcId").length,
  addresses: async (aws, region) => elements(await ec2(aws, region, "DescribeAddresses"), "publicIp").length,
};

const quotas = (aws, region, operation, { service, code }) =>
  aws.json(`servicequotas.${region}.amazonaws.com`, "servicequotas", region, `ServiceQuotasV20190624.${operation}`, {
    ServiceCode: service,
    QuotaCode: code,
  });

const hasRole = async (aws, name) => {
  try {
    await aws.query("iam.amazonaws.com", "iam", "us-east-1", "2010-05-08", "GetRole", { RoleName: name });
    return undefined;
  } catch (error) {
    if (error.code === "NoSuchEntity") return "it does not exist";
    throw error;
  }
};

/** For each kind of requirement: what is missing, or undefined. */
const checks = {
  concurrency: async ({ need }, aws, region) => {
    const url = `https://lambda.${region}.amazonaws.com/2016-08-19/account-settings/`;
    const { AccountLimit } = JSON.parse(await aws.rest(url, "lambda", region));
    if (AccountLimit.ConcurrentExecutions < need) return `the account has ${AccountLimit.ConcurrentExecutions}`;
  },
  quota: async (check, aws, region) => {
    const { Quota } = await quotas(aws, region, "GetServiceQuota", check).catch((error) => {
      // A quota that was never changed can have its default value only.
      if (error.code === "NoSuchResourceException") return quotas(aws, region, "GetAWSDefaultServiceQuota", check);
      throw error;
    });
    const inUse = check.inUse ? await used[check.inUse](aws, region) : 0;
    if (Quota.Value - inUse < check.need) return `the quota is ${Quota.Value}, and ${inUse} are in use`;
  },
  zones: async ({ need, without }, aws, region) => {
    const xml = await ec2(aws, region, "DescribeAvailabilityZones");
    const zones = xml.split("</item>").filter((item) => /<zoneState>available<.*opt-in-not-required/s.test(item));
    const usable = zones.flatMap((item) => elements(item, "zoneId")).filter((id) => !without.includes(id));
    if (usable.length < need) return `usable are: ${usable.join(", ") || "none"}`;
  },
  role: ({ name }, aws) => hasRole(aws, name),
  linkedRole: ({ name }, aws) => hasRole(aws, name),
  hostedZone: async ({ domain }, aws) => {
    const url = `https://route53.amazonaws.com/2013-04-01/hostedzonesbyname?dnsname=${domain}&maxitems=1`;
    const [first] = elements(await aws.rest(url, "route53", "us-east-1"), "Name");
    if (first !== `${domain}.`) return "there is no zone with this name";
  },
  mail: async (_, aws, region) => {
    const account = JSON.parse(await aws.rest(`https://email.${region}.amazonaws.com/v2/email/account`, "ses", region));
    if (!account.ProductionAccessEnabled) return "the account is in the sandbox";
  },
  model: async ({ model }, aws, region) => {
    const url = `https://bedrock.${region}.amazonaws.com/foundation-model-availability/${encodeURIComponent(model)}`;
    const { authorizationStatus, regionAvailability } = JSON.parse(await aws.rest(url, "bedrock", region));
    if (authorizationStatus !== "AUTHORIZED" || regionAvailability !== "AVAILABLE")
      return `it is ${authorizationStatus}, and in the region ${regionAvailability}`;
  },
  costTag: async ({ tag }, aws) => {
    const { CostAllocationTags } = await aws.json(
      "ce.us-east-1.amazonaws.com",
      "ce",
      "us-east-1",
      "AWSInsightsIndexService.ListCostAllocationTags",
      { TagKeys: [tag] },
    );
    if (CostAllocationTags[0]?.Status !== "Active")
      return "it is not active; it appears a day after the first resource with the tag";
  },
};

process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});
// The credentials come first, because the evaluation takes a minute.
const aws = connect();
const identity = await aws.query("sts.us-east-1.amazonaws.com", "sts", "us-east-1", "2011-06-15", "GetCallerIdentity");
console.log(`account ${elements(identity, "Account")[0]}, ${elements(identity, "Arn")[0]}`);
console.log("Evaluating the stage takes a minute …");
const rehearsal = [join(import.meta.dirname, "rehearse.ts"), "--requirements", ...process.argv.slice(2)];
const output = execFileSync(process.execPath, rehearsal, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const { stage, region, requirements } = JSON.parse(output);
console.log(`stage ${stage} in ${region}:`);
let failures = 0;
for (const { what, how, check, later } of requirements) {
  let isNeeded = !later;
  const missing = await checks[check.kind](check, aws, region).catch((error) => {
    isNeeded = true;
    return `not readable: ${error.message}`;
  });
  console.log(`${missing ? (isNeeded ? "MISSING" : "later  ") : "ok     "}  ${what}`);
  if (!missing) continue;
  if (isNeeded) failures += 1;
  console.log(`         ${missing}\n         ${how}`);
}
console.log(failures === 0 ? "The account is ready." : `${failures} of ${requirements.length} are missing.`);
process.exitCode = failures === 0 ? 0 : 1;
