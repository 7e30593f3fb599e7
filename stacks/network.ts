/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Network = ReturnType<typeof createNetwork>;

/** The blueprint's network: two zones, three tiers (N-1…N-4, N-9). The data tier has no way out. */
const tiers = { Public: [1, 2], App: [10, 11], Data: [20, 21] } as const;
type Tier = keyof typeof tiers;

export const createNetwork = (stage: Stage) => {
  const vpc = new aws.ec2.Vpc("Network", {
    cidrBlock: `${stage.addresses}.0.0/16`,
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  const zones = aws.getAvailabilityZonesOutput({ state: "available" }).names;
  const subnets = (tier: Tier) =>
    tiers[tier].map(
      (third, at) =>
        new aws.ec2.Subnet(`${tier}Subnet${at + 1}`, {
          vpcId: vpc.id,
          cidrBlock: `${stage.addresses}.${third}.0/24`,
          availabilityZone: zones[at]!,
        }),
    );
  const [publicSubnets, appSubnets, dataSubnets] = [subnets("Public"), subnets("App"), subnets("Data")];

  /** A route table for a subnet; `gateway` is its way to the internet. */
  const route = (
    name: string,
    subnet: aws.ec2.Subnet,
    gateway: Omit<aws.types.input.ec2.RouteTableRoute, "cidrBlock"> | undefined,
  ) => {
    const table = new aws.ec2.RouteTable(`${name}Routes`, {
      vpcId: vpc.id,
      routes: gateway ? [{ cidrBlock: "0.0.0.0/0", ...gateway }] : [],
    });
    new aws.ec2.RouteTableAssociation(`${name}RoutesOfSubnet`, { subnetId: subnet.id, routeTableId: table.id });
    return table;
  };
  const internet = new aws.ec2.InternetGateway("Internet", { vpcId: vpc.id });
  const nats = publicSubnets.slice(0, stage.natGateways).map((subnet, at) => {
    const address = new aws.ec2.Eip(`Nat${at + 1}Address`, { domain: "vpc" });
    return new aws.ec2.NatGateway(`Nat${at + 1}`, { subnetId: subnet.id, allocationId: address.id });
  });
  for (const [at, subnet] of publicSubnets.entries()) route(`Public${at + 1}`, subnet, { gatewayId: internet.id });
  const appRoutes = appSubnets.map((subnet, at) => {
    const nat = nats[at] ?? nats[0];
    return route(`App${at + 1}`, subnet, nat && { natGatewayId: nat.id });
  });
  for (const [at, subnet] of dataSubnets.entries()) route(`Data${at + 1}`, subnet, undefined);
  // Documents go past the NAT, which bills by the gigabyte.
  new aws.ec2.VpcEndpoint("S3Endpoint", {
    vpcId: vpc.id,
    serviceName: $interpolate`com.amazonaws.${aws.getRegionOutput().region}.s3`,
    vpcEndpointType: "Gateway",
    routeTableIds: appRoutes.map(({ id }) => id),
  });

  /** Whatever runs our code: nobody calls it, it calls out (N-6). */
  const appSecurityGroup = new aws.ec2.SecurityGroup("AppSecurityGroup", {
    vpcId: vpc.id,
    description: "Functions and tasks: no way in.",
    ingress: [],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const ids = (subnets: aws.ec2.Subnet[]) => subnets.map(({ id }) => id);
  return {
    vpc,
    publicSubnetIds: ids(publicSubnets),
    dataSubnetIds: ids(dataSubnets),
    /** Where tasks run; without a NAT they have public addresses, or they could not even fetch their image. */
    tasks: {
      subnetIds: ids(nats.length > 0 ? appSubnets : publicSubnets),
      assignPublicIp: nats.length === 0,
    },
    appSecurityGroup,
  };
};
