import { describe, expect, it } from "vitest";
import { evaluated } from "./testing/evaluation.ts";

const production = evaluated("production");

describe("network", () => {
  const subnet = (name: string) => production.one("ec2/subnet:Subnet", name);

  it("N-1 N-2 N-3 N-9 two zones, three tiers, as the blueprint numbers them", () => {
    expect(production.one("ec2/vpc:Vpc", "Network")["cidrBlock"]).toBe("10.0.0.0/16");
    const blocks = { Public: ["1", "2"], App: ["10", "11"], Data: ["20", "21"] };
    for (const [tier, thirds] of Object.entries(blocks))
      for (const [at, third] of thirds.entries())
        expect(subnet(`${tier}Subnet${at + 1}`)).toMatchObject({
          cidrBlock: `10.0.${third}.0/24`,
          availabilityZone: `us-east-1${"ab"[at]}`,
        });
  });

  it("N-4 the data tier has no way out, the app tier one through its own zone", () => {
    const routes = (name: string) => production.one("ec2/routeTable:RouteTable", `${name}Routes`)["routes"];
    for (const name of ["Data1", "Data2"]) expect(routes(name)).toEqual([]);
    for (const at of [1, 2])
      expect(routes(`App${at}`)).toEqual([
        { cidrBlock: "0.0.0.0/0", natGatewayId: expect.stringContaining(`Nat${at}`) },
      ]);
    expect(evaluated("production-lean").all("ec2/natGateway:NatGateway").size).toBe(1);
    expect(evaluated("developer").all("ec2/natGateway:NatGateway").size).toBe(0);
  });

  it("N-6 nobody calls what runs our code", () => {
    expect(production.one("ec2/securityGroup:SecurityGroup", "AppSecurityGroup")["ingress"]).toEqual([]);
  });
});
