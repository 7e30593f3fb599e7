import { describe, expect, it } from "vitest";
import { functions } from "../packages/functions/src/topology.ts";
import { pascal } from "./names.ts";
import { evaluated } from "./testing/evaluation.ts";
import { zoneIds } from "./testing/mocks.mjs";

const production = evaluated("production");

describe("network", () => {
  const subnet = (name: string) => production.one("ec2/subnet:Subnet", name);

  it("N-1 N-2 N-3 N-9 the network has two zones and three tiers with the blueprint's addresses", () => {
    expect(production.one("ec2/vpc:Vpc", "Network")["cidrBlock"]).toBe("10.0.0.0/16");
    const blocks = { Public: ["1", "2"], App: ["10", "11"], Data: ["20", "21"] };
    for (const [tier, thirds] of Object.entries(blocks))
      for (const [at, third] of thirds.entries())
        expect(subnet(`${tier}Subnet${at + 1}`)).toMatchObject({
          cidrBlock: `10.0.${third}.0/24`,
          availabilityZone: `us-east-1${"bc"[at]}`,
        });
    // At a later deployment AWS may list the zones in another order.
    for (const name of production.all("ec2/subnet:Subnet").keys())
      expect(production.ignoreChanges("ec2/subnet:Subnet", name), name).toEqual(["availabilityZone"]);
  });

  it("no subnet is in a zone without RDS Proxy, whatever letter the account has for the zone", () => {
    const ids = (stage: "production" | "production-west") =>
      [...evaluated(stage).all("ec2/subnet:Subnet").values()].map(
        ({ availabilityZone }) => ({ ...zoneIds["us-east-1"], ...zoneIds["us-west-2"] })[availabilityZone as string],
      );
    expect(Object.values(zoneIds["us-east-1"])[0]).toBe("use1-az3");
    expect(new Set(ids("production"))).toEqual(new Set(["use1-az1", "use1-az2"]));
    expect(new Set(ids("production-west"))).toEqual(new Set(["usw2-az2", "usw2-az1"]));
  });

  it("a NAT gateway waits for the internet gateway, without which EC2 does not create it", () => {
    const gateways = [...production.all("ec2/natGateway:NatGateway").keys()];
    expect(gateways).toHaveLength(2);
    for (const name of gateways)
      expect(production.waitsFor("ec2/natGateway:NatGateway", name), name).toContain("Internet");
  });

  it("N-4 the data tier has no route to the internet, and the app tier uses the NAT gateway of its own zone", () => {
    const routes = (name: string) => production.one("ec2/routeTable:RouteTable", `${name}Routes`)["routes"];
    for (const name of ["Data1", "Data2"]) expect(routes(name)).toEqual([]);
    for (const at of [1, 2])
      expect(routes(`App${at}`)).toEqual([
        { cidrBlock: "0.0.0.0/0", natGatewayId: expect.stringContaining(`Nat${at}`) },
      ]);
    expect(evaluated("production-lean").all("ec2/natGateway:NatGateway").size).toBe(1);
    expect(evaluated("developer").all("ec2/natGateway:NatGateway").size).toBe(0);
    for (const at of [1, 2])
      expect(
        production.waitsFor("ec2/natGateway:NatGateway", `Nat${at}`),
        "EC2 needs the internet gateway first",
      ).toContain("Internet");
    // Under `sst dev` nothing runs in the network.
    expect(evaluated("developer-dev").all("ec2/instance:Instance").size).toBe(0);
    expect(evaluated("developer-dev").all("ec2/natGateway:NatGateway").size).toBe(0);
  });

  it("a developer's stage reaches the internet through an instance that forwards packets of its network only", () => {
    const developer = evaluated("developer");
    const nat = developer.one("ec2/instance:Instance", "NatInstance");
    expect(nat).toMatchObject({
      sourceDestCheck: false,
      associatePublicIpAddress: true,
      metadataOptions: { httpTokens: "required" },
      rootBlockDevice: { encrypted: true },
    });
    expect(nat["subnetId"]).toContain("PublicSubnet1");
    expect(nat["userData"]).toContain("MASQUERADE");
    // A newer image does not replace it.
    expect(developer.ignoreChanges("ec2/instance:Instance", "NatInstance")).toEqual(["ami"]);
    expect(developer.waitsFor("ec2/instance:Instance", "NatInstance")).toContain("Internet");
    // It installs a package at its first start: the route must be there, and dnf needs more than the 512 MB of a nano.
    expect(developer.waitsFor("ec2/instance:Instance", "NatInstance")).toContain("Public1RoutesOfSubnet");
    expect(nat["userData"].indexOf("swapon")).toBeGreaterThan(0);
    expect(nat["userData"].indexOf("swapon")).toBeLessThan(nat["userData"].indexOf("dnf"));
    const [ingress] = developer.one("ec2/securityGroup:SecurityGroup", "NatSecurityGroup")["ingress"];
    expect(ingress.cidrBlocks).toEqual(["10.0.0.0/16"]);
    for (const at of [1, 2])
      expect(developer.one("ec2/routeTable:RouteTable", `App${at}Routes`)["routes"]).toEqual([
        { cidrBlock: "0.0.0.0/0", networkInterfaceId: expect.stringMatching(/^eni-/) },
      ]);
    // The migrator is invoked during the deployment and needs the internet.
    expect(developer.waitsFor("lambda/invocation:Invocation", "Migration")).toContain("NatInstance");
  });

  it("functions and tasks of both zones reach S3 through the endpoint, which is free", () => {
    const { routeTableIds, serviceName } = production.one("ec2/vpcEndpoint:VpcEndpoint", "S3Endpoint");
    expect(serviceName).toBe("com.amazonaws.us-east-1.s3");
    expect(routeTableIds).toEqual([1, 2].map((at) => expect.stringContaining(`App${at}Routes`)));
  });

  it("without a proxy, functions may connect to the database", () => {
    const names = [...evaluated("developer").all("vpc/securityGroupIngressRule:SecurityGroupIngressRule").keys()];
    expect(names).toContain("AppToDatabaseIn");
    expect(names).not.toContain("AppToProxyIn");
  });

  it("N-5 there is no load balancer, and no security group accepts connections from the internet", () => {
    expect(production.resources.filter(({ type }) => type.startsWith("aws:lb/"))).toEqual([]);
    for (const [, rule] of ingressRules()) expect(rule).not.toHaveProperty("cidrIpv4");
    for (const [name, group] of production.all("ec2/securityGroup:SecurityGroup"))
      expect(group["ingress"] ?? [], name).toEqual([]);
  });

  it("N-6 functions and tasks accept no connections", () => {
    expect(production.one("ec2/securityGroup:SecurityGroup", "AppSecurityGroup")["ingress"]).toEqual([]);
    expect(ingressRules().filter(([, rule]) => rule["securityGroupId"].startsWith("AppSecurityGroup"))).toEqual([]);
  });

  it("N-7 F-38 PostgreSQL's port is open from app to proxy, from proxy to database, and from builders to database", () => {
    const ways = ingressRules()
      .filter(([, { fromPort, toPort, ipProtocol }]) => fromPort === 5432 && toPort === 5432 && ipProtocol === "tcp")
      .map(([, { referencedSecurityGroupId, securityGroupId }]) =>
        [referencedSecurityGroupId, securityGroupId].map((id) => id.replace(/SecurityGroup.*/, "")).join(" → "),
      );
    expect(ways.sort()).toEqual(["App → Proxy", "Builder → Database", "Proxy → Database"]);
    expect(production.one("vpc/securityGroupEgressRule:SecurityGroupEgressRule", "ProxyToDatabaseOut")).toMatchObject({
      fromPort: 5432,
      toPort: 5432,
      securityGroupId: expect.stringContaining("ProxySecurityGroup"),
      referencedSecurityGroupId: expect.stringContaining("DatabaseSecurityGroup"),
    });
    const instance = production.one("rds/instance:Instance", "Database");
    expect(instance["vpcSecurityGroupIds"]).toEqual([expect.stringContaining("DatabaseSecurityGroup")]);
    const proxy = production.one("rds/proxy:Proxy", "DatabaseProxy");
    expect(proxy["vpcSecurityGroupIds"]).toEqual([expect.stringContaining("ProxySecurityGroup")]);
  });

  it.each(Object.entries(functions))("%s is in the network that the topology names", (name, spec) => {
    const place = production.one("lambda/function:Function", `${pascal(name)}Function`)["vpcConfig"];
    if (spec.network === "internet") {
      expect(place).toBeUndefined();
      expect(spec.links.filter((link) => link.endsWith("Database"))).toEqual([]);
      return;
    }
    expect(place.subnetIds).toEqual([expect.stringContaining("AppSubnet1"), expect.stringContaining("AppSubnet2")]);
    const groups = place.securityGroupIds.map((id: string) => id.replace(/SecurityGroup.*/, ""));
    expect(groups).toEqual(spec.links.includes("BuilderDatabase") ? ["App", "Builder"] : ["App"]);
  });

  it("with fixed addresses, callers of tenants' URLs leave by the NAT gateways and reach nothing in the network", () => {
    const options = evaluated("production-options");
    const callers = Object.entries(functions).filter(([, { network }]) => network === "internet");
    expect(callers.length).toBe(2);
    for (const [name] of callers) {
      const { subnetIds, securityGroupIds } = options.one("lambda/function:Function", `${pascal(name)}Function`)[
        "vpcConfig"
      ];
      expect(subnetIds, name).toEqual([expect.stringContaining("AppSubnet1"), expect.stringContaining("AppSubnet2")]);
      expect(securityGroupIds, name).toEqual([expect.stringContaining("SenderSecurityGroup")]);
    }
    const { ingress, egress } = options.one("ec2/securityGroup:SecurityGroup", "SenderSecurityGroup");
    expect(ingress).toEqual([]);
    expect(egress.map(({ fromPort, toPort }: { fromPort: number; toPort: number }) => [fromPort, toPort])).toEqual([
      [443, 443],
      [8443, 8443],
    ]);
    const rules = [...options.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")];
    expect(rules.length).toBeGreaterThan(0);
    for (const [name, rule] of rules)
      expect(rule["referencedSecurityGroupId"] ?? "", name).not.toContain("SenderSecurityGroup");
    expect([...production.all("ec2/securityGroup:SecurityGroup")].map(([name]) => name)).not.toContain(
      "SenderSecurityGroup",
    );
  });

  it("flow logs cover all traffic and have the stage's retention", () => {
    expect(production.one("ec2/flowLog:FlowLog", "FlowLog")).toMatchObject({ trafficType: "ALL" });
    expect(production.one("cloudwatch/logGroup:LogGroup", "FlowLogs")["retentionInDays"]).toBe(90);
  });
});

const ingressRules = () => [...production.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")];
