// The names that AWS would receive, and AWS's rules for them. A resource without an explicit name gets Pulumi's automatic
// one, as the provider does it.
import { createHash } from "node:crypto";

export const short = (text) => createHash("sha1").update(text).digest("hex").slice(0, 8);

/** Pulumi's automatic name: the logical name, a hyphen and seven hexadecimal digits. */
export const autoName = (type, name) => `${name}-${short(type + name).slice(0, 7)}`;

const rds = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const identifier = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const word = /^[\w-]+$/;
const dotted = /^[\w.-]+$/;
const any = /^[^\p{Cc}]+$/u;

/**
 * By type: the property with the name, its maximum length, its characters, and where AWS or the provider says so. The fifth
 * element lists the properties within whose values the name must be unique; without it, the name is unique in its region.
 */
const rules = {
  "aws:apigatewayv2/api:Api": ["name", 128, any, "API Gateway, CreateApi", ["*"]],
  "aws:apigatewayv2/domainName:DomainName": ["domainName", 512, /^[a-z0-9.-]+$/, "API Gateway, CreateDomainName"],
  "aws:apigatewayv2/stage:Stage": ["name", 128, /^(\$default|[\w-]+)$/, "API Gateway, CreateStage", ["apiId"]],
  "aws:appautoscaling/policy:Policy": ["name", 256, any, "Application Auto Scaling, PutScalingPolicy", ["resourceId"]],
  "aws:backup/plan:Plan": ["name", 50, /^[\w.-]+$/, "AWS Backup, CreateBackupPlan"],
  "aws:backup/selection:Selection": ["name", 50, dotted, "AWS Backup, CreateBackupSelection", ["planId"]],
  "aws:backup/vault:Vault": ["name", 50, /^[a-zA-Z0-9_-]{2,}$/, "AWS Backup, CreateBackupVault"],
  "aws:budgets/budget:Budget": ["name", 100, /^[^:\\]+$/, "AWS Budgets, Budget"],
  "aws:cloudfront/originAccessControl:OriginAccessControl": ["name", 64, word, "CloudFront, OriginAccessControlConfig"],
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": [
    "name",
    128,
    word,
    "CloudFront, ResponseHeadersPolicyConfig",
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": ["alarmName", 255, any, "CloudWatch, PutCompositeAlarm"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName", 255, word, "CloudWatch, PutDashboard"],
  "aws:cloudwatch/eventArchive:EventArchive": ["name", 48, dotted, "EventBridge, CreateArchive"],
  "aws:cloudwatch/eventBus:EventBus": ["name", 256, /^[\w./-]+$/, "EventBridge, CreateEventBus"],
  "aws:cloudwatch/eventRule:EventRule": ["name", 64, dotted, "EventBridge, PutRule", ["eventBusName"]],
  "aws:cloudwatch/eventTarget:EventTarget": ["targetId", 64, dotted, "EventBridge, Target", ["rule"]],
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": [
    "name",
    60,
    word,
    "CloudWatch Logs, PutDeliveryDestination",
  ],
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": ["name", 60, word, "CloudWatch Logs, PutDeliverySource"],
  "aws:cloudwatch/logGroup:LogGroup": ["name", 512, /^[\w./#-]+$/, "CloudWatch Logs, CreateLogGroup"],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    "name",
    512,
    /^[^:*]+$/,
    "CloudWatch Logs, PutMetricFilter",
    ["logGroupName"],
  ],
  "aws:cloudwatch/queryDefinition:QueryDefinition": ["name", 255, any, "CloudWatch Logs, PutQueryDefinition"],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
    "policyName",
    256,
    dotted,
    "CloudWatch Logs, PutResourcePolicy",
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name", 255, any, "CloudWatch, PutMetricAlarm"],
  "aws:codedeploy/application:Application": ["name", 100, any, "CodeDeploy, CreateApplication"],
  "aws:codedeploy/deploymentGroup:DeploymentGroup": [
    "deploymentGroupName",
    100,
    any,
    "CodeDeploy, CreateDeploymentGroup",
    ["appName"],
  ],
  "aws:cognito/identityProvider:IdentityProvider": [
    "providerName",
    32,
    /^[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}]*$/u,
    "Cognito, CreateIdentityProvider",
    ["userPoolId"],
  ],
  "aws:cognito/userPool:UserPool": ["name", 128, /^[\w\s+=,.@-]+$/, "Cognito, CreateUserPool", ["*"]],
  "aws:cognito/userPoolClient:UserPoolClient": ["name", 128, /^[\w\s+=,.@-]+$/, "Cognito, CreateUserPoolClient", ["*"]],
  "aws:cognito/userPoolDomain:UserPoolDomain": [
    "domain",
    63,
    /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "Cognito, CreateUserPoolDomain and its guide",
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    "name",
    255,
    /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/,
    "EC2, CreateSecurityGroup",
    ["vpcId"],
  ],
  "aws:ecs/cluster:Cluster": ["name", 255, word, "ECS, CreateCluster"],
  "aws:ecs/service:Service": ["name", 255, word, "ECS, CreateService", ["cluster"]],
  "aws:ecs/taskDefinition:TaskDefinition": ["family", 255, word, "ECS, RegisterTaskDefinition"],
  "aws:elasticache/parameterGroup:ParameterGroup": ["name", 255, identifier, "ElastiCache, CreateCacheParameterGroup"],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "replicationGroupId",
    40,
    rds,
    "ElastiCache, CreateReplicationGroup",
  ],
  "aws:elasticache/subnetGroup:SubnetGroup": ["name", 255, identifier, "ElastiCache, CreateCacheSubnetGroup"],
  "aws:iam/role:Role": ["name", 64, /^[\w+=,.@-]+$/, "IAM, CreateRole"],
  "aws:iam/policy:Policy": ["name", 128, /^[\w+=,.@-]+$/, "IAM, CreatePolicy"],
  "aws:iam/rolePolicy:RolePolicy": ["name", 128, /^[\w+=,.@-]+$/, "IAM, PutRolePolicy", ["role"]],
  "aws:lambda/alias:Alias": ["name", 128, /^(?!^\d+$)[\w-]+$/, "Lambda, CreateAlias", ["functionName"]],
  "aws:lambda/function:Function": ["name", 64, word, "Lambda, CreateFunction"],
  // The provider's rule for RDS (internal/service/rds/validate.go) also allows periods in groups and spaces in subnet groups.
  "aws:rds/instance:Instance": ["identifier", 63, rds, "RDS, CreateDBInstance; the provider's validIdentifier"],
  "aws:rds/parameterGroup:ParameterGroup": [
    "name",
    255,
    rds,
    "RDS, CreateDBParameterGroup; the provider's validParamGroupName",
  ],
  "aws:rds/proxy:Proxy": ["name", 63, rds, "RDS, CreateDBProxy; the provider's validIdentifier"],
  "aws:rds/subnetGroup:SubnetGroup": [
    "name",
    255,
    rds,
    "RDS, CreateDBSubnetGroup; the provider's validSubnetGroupName",
  ],
  "aws:route53/record:Record": [
    "name",
    255,
    /^(\*\.)?[\w.-]+$/,
    "Route 53, ResourceRecordSet",
    ["zoneId", "type", "setIdentifier"],
  ],
  "aws:s3/bucket:Bucket": [
    "bucket",
    63,
    /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3)$/,
    "S3 guide, bucket naming rules",
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["key", 1024, any, "S3 guide, object keys", ["bucket"]],
  "aws:scheduler/schedule:Schedule": ["name", 64, dotted, "EventBridge Scheduler, CreateSchedule"],
  "aws:secretsmanager/secret:Secret": [
    "name",
    512,
    /^[\w/+=.@-]+(?<!-[A-Za-z0-9]{6})$/,
    "Secrets Manager, CreateSecret (and no hyphen with six characters at the end)",
  ],
  "aws:schemas/registry:Registry": ["name", 64, /^[\w.@-]+$/, "EventBridge Schemas, CreateRegistry"],
  "aws:schemas/schema:Schema": ["name", 385, /^[\w.@-]+$/, "EventBridge Schemas, CreateSchema", ["registryName"]],
  "aws:sesv2/configurationSet:ConfigurationSet": ["configurationSetName", 64, word, "SES, CreateConfigurationSet"],
  "aws:sns/topic:Topic": ["name", 256, word, "SNS, CreateTopic"],
  "aws:sqs/queue:Queue": ["name", 80, /^[\w-]+(\.fifo)?$/, "SQS, CreateQueue"],
  "aws:ssm/parameter:Parameter": ["name", 1011, /^\/(?!aws|ssm)[\w./-]+$/i, "Systems Manager, PutParameter"],
  "aws:wafv2/webAcl:WebAcl": ["name", 128, word, "WAF, CreateWebACL"],
};

/** Types whose resources have no name: AWS returns an id, or they belong to another resource. */
const nameless = new Set(
  [
    "acm/certificate:Certificate acm/certificateValidation:CertificateValidation apigatewayv2/apiMapping:ApiMapping",
    "apigatewayv2/integration:Integration apigatewayv2/route:Route appautoscaling/target:Target",
    "backup/vaultLockConfiguration:VaultLockConfiguration backup/vaultNotifications:VaultNotifications",
    "cloudfront/distribution:Distribution cloudwatch/logDelivery:LogDelivery ec2/eip:Eip ec2/flowLog:FlowLog",
    "ec2/instance:Instance ec2/internetGateway:InternetGateway ec2/natGateway:NatGateway ec2/route:Route",
    "ec2/routeTable:RouteTable ec2/routeTableAssociation:RouteTableAssociation ec2/subnet:Subnet ec2/vpc:Vpc",
    "ec2/vpcEndpoint:VpcEndpoint ecs/clusterCapacityProviders:ClusterCapacityProviders iam/openIdConnectProvider:OpenIdConnectProvider",
    "iam/rolePolicyAttachment:RolePolicyAttachment kms/key:Key kms/replicaKey:ReplicaKey kms/grant:Grant",
    "lambda/eventSourceMapping:EventSourceMapping lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "lambda/invocation:Invocation lambda/permission:Permission lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
    "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup rds/proxyTarget:ProxyTarget",
    "s3/bucketCorsConfiguration:BucketCorsConfiguration s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "s3/bucketLogging:BucketLogging s3/bucketNotification:BucketNotification s3/bucketPolicy:BucketPolicy",
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock s3/bucketReplicationConfig:BucketReplicationConfig",
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration s3/bucketVersioning:BucketVersioning",
    "secretsmanager/secretRotation:SecretRotation secretsmanager/secretVersion:SecretVersion",
    "ses/domainIdentityVerification:DomainIdentityVerification sesv2/emailIdentity:EmailIdentity",
    "sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes sns/topicPolicy:TopicPolicy",
    "sns/topicSubscription:TopicSubscription sqs/queuePolicy:QueuePolicy",
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  ]
    .join(" ")
    .split(" ")
    .map((type) => `aws:${type}`),
);

/** The property with a resource's name, and the name, or undefined for a type without names. */
export const nameOf = (type, name, inputs) => {
  const [property] = rules[type] ?? [];
  return property && { property, value: inputs[property] ?? autoName(type, name) };
};

/** Why AWS or the provider would refuse the name of a resource, or undefined. */
export const nameProblem = (type, name, inputs) => {
  if (!type.startsWith("aws:") || nameless.has(type)) return undefined;
  if (!rules[type]) return `The evaluation has no naming rule for ${type}: add it to stacks/testing/names.mjs.`;
  const [property, lengthMax, characters, source] = rules[type];
  const { value } = nameOf(type, name, inputs);
  if (characters.test(value) && value.length <= lengthMax) return undefined;
  return `AWS refuses the ${property} "${value}" of ${name}: at most ${lengthMax} characters that match ${characters} (${source}).`;
};

/** Text that two resources of a stage must not share, or undefined. */
export const identityOf = (type, name, inputs, region) => {
  const [property, , , , within = []] = rules[type] ?? [];
  if (!property || within.includes("*")) return undefined;
  return [
    type,
    inputs.region ?? region,
    ...within.map((one) => JSON.stringify(inputs[one])),
    nameOf(type, name, inputs).value,
  ].join(" ");
};
