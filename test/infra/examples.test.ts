import type { ResourceTransform, ResourceTransformation } from "@pulumi/pulumi";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { severalInstances } from "../../examples/instances/several-instances";
import { closedVault } from "../../examples/private-endpoint/closed-vault";
import { inSubnet } from "../../examples/vnet-integration/in-subnet";
import { BotSignIn } from "../../infra/bot-sign-in";
import { type Made, madeBy, oneOf } from "../support/bot-sign-in";
import { mailBot } from "./program";

// What the examples' transforms make of the component. The programs themselves are deployed by `npm run test:engine`.
const folder = join(__dirname, "../../examples");

/** Pulumi's mocks take transformations alone, which see and give what transforms do. */
async function madeWith(...transforms: ResourceTransform[]): Promise<Made[]> {
  const transformations = transforms as unknown as ResourceTransformation[];
  return madeBy(() => new BotSignIn("mail", mailBot, { transformations }));
}

beforeEach(() => {
  jest.spyOn(console, "warn").mockReturnValue();
});

test("several instances: the plan has as many machines as were asked for, and keeps its size", async () => {
  const plan = oneOf(await madeWith(severalInstances(3)), "AppServicePlan");
  expect(plan["sku"]).toEqual({ name: "B1", tier: "Basic", capacity: 3 });
});

test("in a subnet: all that the web app calls goes through it, and all else of it stays", async () => {
  const plain = oneOf(await madeWith(), "WebApp");
  const inside = oneOf(await madeWith(inSubnet("/the/subnet")), "WebApp");
  expect(inside).toEqual({
    ...plain,
    virtualNetworkSubnetId: "/the/subnet",
    outboundVnetRouting: { allTraffic: true },
  });
});

test("a closed vault is open to nobody of the public network, and asks for roles as before", async () => {
  const vault = oneOf(await madeWith(closedVault()), "Vault");
  expect(vault["properties"]).toMatchObject({ publicNetworkAccess: "disabled", enableRbacAuthorization: true });
});

test("each example is a program of its own that the README lists", () => {
  const programs = readdirSync(folder).filter((name) => existsSync(join(folder, name, "Pulumi.yaml")));
  expect(programs).toEqual(["instances", "private-endpoint", "vnet-integration"]);
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  for (const name of programs) {
    expect(readme).toContain(`[${name}](${name}/index.ts)`);
    expect(parse(readFileSync(join(folder, name, "Pulumi.yaml"), "utf8"))).toMatchObject({
      name,
      plugins: { providers: [{ name: "bot-sign-in", path: "../../infra/provider" }] },
    });
  }
});
