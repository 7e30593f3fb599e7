/// <reference path="../.sst/platform/config.d.ts" />
import { retentionDays, type Stage } from "./stage.ts";

export type Network = ReturnType<typeof createNetwork>;

/** The blueprint's network: two zones, three tiers (N-1…N-4, N-9). The data tier has no route to the internet. */
const tiers = { Public: [1, 2], App: [10, 11], Data: [20, 21] } as const;
type Tier = keyof typeof tiers;

/**
 * Zones without RDS Proxy (AWS provider's page of aws_db_proxy, "Unsupported Availability Zones") and without Fargate
 * on arm64 (ECS guide, "Linux containers on Fargate"). Zone ids are used because zone letters differ by account.
 * us-west-2 has no such zone.
 */
const unsupportedZoneIds = ["use1-az3"];

export const createNetwork = (stage: Stage) => {
  const vpc = new aws.ec2.Vpc("Network", {
    cidrBlock: `${stage.addresses}.0.0/16`,
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  const zones = aws.getAvailabilityZonesOutput({
    state: "available",
    excludeZoneIds: unsupportedZoneIds,
    // Local Zones, which an account opts in to, are excluded.
    filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
  }).names;
  const subnets = (tier: Tier) =>
    tiers[tier].map(
      (third, at) =>
        new aws.ec2.Subnet(
          `${tier}Subnet${at + 1}`,
          {
            vpcId: vpc.id,
            cidrBlock: `${stage.addresses}.${third}.0/24`,
            // The region has at least two such zones.
            availabilityZone: zones[at]!,
          },
          // A later list may begin with another zone, when one is new or impaired; that would replace the subnets.
          { ignoreChanges: ["availabilityZone"] },
        ),
    );
  const [publicSubnets, appSubnets, dataSubnets] = [subnets("Public"), subnets("App"), subnets("Data")];

  /** Creates the route table of a subnet; `gateway` is its route to the internet. It works when it is associated. */
  const route = (name: string, subnet: aws.ec2.Subnet, gateway: Gateway | undefined) => {
    const table = new aws.ec2.RouteTable(`${name}Routes`, {
      vpcId: vpc.id,
      routes: gateway ? [{ cidrBlock: "0.0.0.0/0", ...gateway }] : [],
    });
    const ids = { subnetId: subnet.id, routeTableId: table.id };
    return { table, associated: new aws.ec2.RouteTableAssociation(`${name}RoutesOfSubnet`, ids) };
  };
  const internet = new aws.ec2.InternetGateway("Internet", { vpcId: vpc.id });
  const publicRoutes = publicSubnets.map((subnet, at) => route(`Public${at + 1}`, subnet, { gatewayId: internet.id }));
  const online = [internet, ...publicRoutes.map(({ associated }) => associated)];
  // Under `sst dev` and in a standby nothing runs in the network.
  const nats = $dev || stage.standby ? [] : createNat(stage, vpc, publicSubnets, online);
  const appRoutes = appSubnets.map((subnet, at) => {
    const nat = nats[at] ?? nats[0];
    return route(`App${at + 1}`, subnet, nat?.gateway);
  });
  for (const [at, subnet] of dataSubnets.entries()) route(`Data${at + 1}`, subnet, undefined);
  // A gateway endpoint for S3 is free, so that document traffic does not use the NAT gateway, which is billed per GB.
  // An interface endpoint in two zones costs 14.60 USD a month and saves 0.035 USD a GB, so it pays above 417 GB. The
  // queues, the largest remaining traffic, transfer about 32 GB for 8 million messages (us-east-1, 2026).
  new aws.ec2.VpcEndpoint("S3Endpoint", {
    vpcId: vpc.id,
    serviceName: $interpolate`com.amazonaws.${aws.getRegionOutput().region}.s3`,
    vpcEndpointType: "Gateway",
    routeTableIds: appRoutes.map(({ table }) => table.id),
  });

  logFlows(vpc, stage);

  const securityGroup = (name: string, description: string, rules?: Partial<aws.ec2.SecurityGroupArgs>) =>
    new aws.ec2.SecurityGroup(name, { vpcId: vpc.id, description, ...rules });
  /** N-6: functions and tasks. They accept no connections and may open any. */
  const appSecurityGroup = securityGroup("AppSecurityGroup", "Functions and tasks: no ingress.", {
    ingress: [],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  /** Functions that call tenants' URLs: out of the network only, by the ports that such a URL may have. */
  const senderSecurityGroup = stage.fixedEgress
    ? securityGroup("SenderSecurityGroup", "Callers of URLs of tenants: the internet only.", {
        ingress: [],
        egress: [443, 8443].map((port) => ({
          protocol: "tcp",
          fromPort: port,
          toPort: port,
          cidrBlocks: ["0.0.0.0/0"],
        })),
      })
    : undefined;
  /** Added to those that connect to the instance directly. */
  const builderSecurityGroup = securityGroup("BuilderSecurityGroup", "Builders of schema and indexes.");
  const proxySecurityGroup = securityGroup("ProxySecurityGroup", "RDS Proxy.");
  const databaseSecurityGroup = securityGroup("DatabaseSecurityGroup", "The database: no egress.");
  const replicaSecurityGroup = stage.database.readReplica
    ? securityGroup("ReplicaSecurityGroup", "The read replica: no egress.")
    : undefined;
  /** N-7: allows connections from one group to another on PostgreSQL's port. */
  const allow = (name: string, from: aws.ec2.SecurityGroup, to: aws.ec2.SecurityGroup) =>
    new aws.vpc.SecurityGroupIngressRule(`${name}In`, {
      securityGroupId: to.id,
      referencedSecurityGroupId: from.id,
      ...postgres,
    });
  if (stage.database.proxy) allow("AppToProxy", appSecurityGroup, proxySecurityGroup);
  else allow("AppToDatabase", appSecurityGroup, databaseSecurityGroup);
  // RDS Proxy has no endpoint for the replica of an instance.
  if (replicaSecurityGroup) allow("AppToReplica", appSecurityGroup, replicaSecurityGroup);
  allow("ProxyToDatabase", proxySecurityGroup, databaseSecurityGroup);
  allow("BuilderToDatabase", builderSecurityGroup, databaseSecurityGroup);
  new aws.vpc.SecurityGroupEgressRule("ProxyToDatabaseOut", {
    securityGroupId: proxySecurityGroup.id,
    referencedSecurityGroupId: databaseSecurityGroup.id,
    ...postgres,
  });
  const ids = (subnets: aws.ec2.Subnet[]) => subnets.map(({ id }) => id);
  return {
    vpc,
    publicSubnetIds: ids(publicSubnets),
    appSubnetIds: ids(appSubnets),
    dataSubnetIds: ids(dataSubnets),
    appSecurityGroup,
    builderSecurityGroup,
    senderSecurityGroup,
    proxySecurityGroup,
    databaseSecurityGroup,
    replicaSecurityGroup,
    /** The addresses that customers may allow-list (`fixedEgress`). */
    egressAddresses: stage.fixedEgress ? nats.flatMap(({ address }) => address?.publicIp ?? []) : [],
    /** A function that is invoked during the deployment needs these first. */
    ready: [...nats.map(({ resource }) => resource), ...appRoutes.map(({ associated }) => associated)],
  };
};

type Gateway = Omit<aws.types.input.ec2.RouteTableRoute, "cidrBlock">;
type Nat = { resource: $util.Resource; gateway: Gateway; address?: aws.ec2.Eip };

/**
 * EC2 creates NAT gateways and public addresses only in a network that already has an internet gateway. An instance uses
 * the internet when it starts for the first time, so its subnet needs the route before.
 */
const createNat = (
  { nat }: Stage,
  vpc: aws.ec2.Vpc,
  publicSubnets: aws.ec2.Subnet[],
  dependsOn: $util.Resource[],
): Nat[] => {
  // There are two public subnets.
  if ("instance" in nat) return [createNatInstance(nat.instance, vpc, publicSubnets[0]!, dependsOn)];
  return publicSubnets.slice(0, nat.gateways).map((subnet, at) => {
    const address = new aws.ec2.Eip(`Nat${at + 1}Address`, { domain: "vpc" });
    const name = `Nat${at + 1}`;
    const args = { subnetId: subnet.id, allocationId: address.id };
    const resource = new aws.ec2.NatGateway(name, args, { dependsOn });
    return { resource, gateway: { natGatewayId: resource.id }, address };
  });
};

/**
 * Amazon Linux as a NAT instance (VPC guide, "Create a NAT AMI"). The settings are written at each start, so that a
 * reboot keeps them. Without swap, the kernel may end dnf on an instance of 512 MB (amazon-linux-2023#404).
 */
const natSetup = `#cloud-config
bootcmd:
  - [cloud-init-per, once, swap, sh, -c, "dd if=/dev/zero of=/swap bs=1M count=512 && chmod 600 /swap && mkswap /swap && swapon /swap"]
  - [cloud-init-per, once, iptables, dnf, install, --assumeyes, iptables-nft]
  - sysctl --write net.ipv4.ip_forward=1
  - iptables --table nat --append POSTROUTING --out-interface ens5 --jump MASQUERADE
`;

const createNatInstance = (
  instanceType: string,
  vpc: aws.ec2.Vpc,
  subnet: aws.ec2.Subnet,
  dependsOn: $util.Resource[],
): Nat => {
  const group = new aws.ec2.SecurityGroup("NatSecurityGroup", {
    vpcId: vpc.id,
    description: "NAT: from the network to the internet.",
    ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: [vpc.cidrBlock] }],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const image = aws.ec2.getAmiOutput({
    owners: ["amazon"],
    mostRecent: true,
    filters: [{ name: "name", values: ["al2023-ami-2023.*-kernel-6.1-arm64"] }],
  });
  const resource = new aws.ec2.Instance(
    "NatInstance",
    {
      ami: image.id,
      instanceType,
      subnetId: subnet.id,
      vpcSecurityGroupIds: [group.id],
      associatePublicIpAddress: true,
      // It forwards packets of others.
      sourceDestCheck: false,
      userData: natSetup,
      metadataOptions: { httpTokens: "required", httpEndpoint: "enabled" },
      rootBlockDevice: { volumeType: "gp3", volumeSize: 8, encrypted: true },
      // An instance of T4g that uses more than its credits would be billed for more.
      creditSpecification: { cpuCredits: "standard" },
    },
    // A newer image would replace the instance at the next deployment.
    { dependsOn, ignoreChanges: ["ami"] },
  );
  return { resource, gateway: { networkInterfaceId: resource.primaryNetworkInterfaceId } };
};

const postgres = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };

const logFlows = (vpc: aws.ec2.Vpc, stage: Stage): void => {
  const group = new aws.cloudwatch.LogGroup("FlowLogs", { retentionInDays: retentionDays[stage.logRetention] });
  const statements = [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      resources: [$interpolate`${group.arn}:*`],
    },
  ];
  const role = new aws.iam.Role("FlowLogsRole", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "vpc-flow-logs.amazonaws.com" }),
    inlinePolicies: [{ name: "write", policy: aws.iam.getPolicyDocumentOutput({ statements }).json }],
  });
  new aws.ec2.FlowLog("FlowLog", {
    vpcId: vpc.id,
    trafficType: "ALL",
    logDestination: group.arn,
    iamRoleArn: role.arn,
    maxAggregationInterval: 600,
  });
};
