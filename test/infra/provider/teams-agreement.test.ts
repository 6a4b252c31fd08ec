import { teamsAgreement, type Inputs } from "../../../infra/provider/teams-agreement";
import { teamsClients } from "../../../infra/facts/teams-clients";
import { StandInAccess } from "./stand-in-access";

const uri = "api://botid-5c9e6e4a-0000-4000-8000-000000000001";
const inputs: Inputs = {
  subscriptionId: "sub",
  resourceGroupName: "group",
  botName: "my-bot",
  stack: "prod",
  identifierUri: uri,
};
const entra = "30dd229c-58e3-4a48-bdfd-91ec48eb906c";

interface World {
  identifierUris: string[];
  tokenExchangeUrl: string;
  clients: string[];
  tokenVersion: number;
  teams: boolean;
}
const good: World = {
  identifierUris: [uri],
  tokenExchangeUrl: uri,
  clients: Object.values(teamsClients),
  tokenVersion: 2,
  teams: true,
};

/** Azure and Entra as a bot's parts stand in them, one look after the other. */
function over(...worlds: Partial<World>[]) {
  let looks = 0;
  const access = new StandInAccess(({ url }) => {
    const path = url.pathname;
    if (path.endsWith("/botServices/my-bot")) looks += 1;
    const world = { ...good, ...worlds[Math.min(looks, worlds.length) - 1] };
    if (path.endsWith("/channels/MsTeamsChannel"))
      return world.teams ? Response.json({ id: path }) : new Response("", { status: 404 });
    if (path.endsWith("/connections")) return Response.json({ value: [{ name: "my-bot/Mail" }] });
    if (path.endsWith("/connections/Mail")) {
      const parameters = [{ key: "TokenExchangeUrl", value: world.tokenExchangeUrl }];
      return Response.json({ properties: { clientId: "sign-in", serviceProviderId: entra, parameters } });
    }
    if (path.endsWith("/applications")) {
      const scopes = [{ id: "scope", value: "access_as_user", isEnabled: true }];
      const api = {
        requestedAccessTokenVersion: world.tokenVersion,
        oauth2PermissionScopes: scopes,
        preAuthorizedApplications: world.clients.map((appId) => ({ appId, delegatedPermissionIds: ["scope"] })),
      };
      return Response.json({ value: [{ identifierUris: world.identifierUris, api }] });
    }
    const properties = { msaAppId: uri.replace("api://botid-", ""), endpoint: "https://b.example/api/messages" };
    return Response.json({ location: "global", properties });
  });
  const told: string[] = [];
  return {
    access,
    told,
    provider: teamsAgreement(
      () => access,
      (words) => told.push(words),
    ),
  };
}

test("where all agrees up says nothing, and looks once", async () => {
  const { provider, told, access } = over({});
  const { outs } = await provider.create(inputs);
  expect([outs.disagreements, told, access.waits]).toEqual([[], [], []]);
  expect((await provider.diff("id", outs, inputs)).changes).toBe(false);
});

test("what Entra shows some seconds late is waited for", async () => {
  const { provider, told } = over({ clients: [] }, { identifierUris: [] }, {});
  expect((await provider.create(inputs)).outs.disagreements).toEqual([]);
  expect(told).toEqual([]);
});

test.each<[string, Partial<World>, RegExp]>([
  [
    "the identifier URI",
    { identifierUris: ["api://other"] },
    /identifier URI of the sign-in application: api:\/\/other, where api:\/\/botid-/,
  ],
  [
    "the token exchange address",
    { tokenExchangeUrl: "api://other" },
    /tokenExchangeUrl of the connection: api:\/\/other/,
  ],
  ["a client of Teams", { clients: [teamsClients.web] }, /clients that the sign-in application lets in/],
  ["the token version", { tokenVersion: 1 }, /token version of the sign-in application: 1, where 2 is expected/],
  ["the channel", { teams: false }, /channel Microsoft Teams of the bot: off/],
])(
  "%s that differs is told by up, with what people meet and what mends it, and is looked at again by the next",
  async (_what, world, words) => {
    const { provider, told } = over(world);
    const { outs } = await provider.create(inputs);
    expect(told).toEqual([expect.stringMatching(words)]);
    expect(told[0]).toContain("npm run drift -- prod, then pulumi up");
    expect((await provider.diff("id", outs, inputs)).changes).toBe(true);
    const { provider: mended } = over({});
    expect((await mended.update("id", outs, inputs)).outs.disagreements).toEqual([]);
  },
);

test("a refresh finds what was changed by hand, so that the next up looks again and tells", async () => {
  const { provider } = over({ tokenExchangeUrl: "api://other" });
  const found = await provider.read("id", { ...inputs, disagreements: [] });
  expect(found?.props.disagreements).toHaveLength(1);
  expect((await provider.diff("id", found!.props, inputs)).changes).toBe(true);
});
