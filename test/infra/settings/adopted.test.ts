import { besideAdopted, readAdopted } from "../../../infra/settings/adopted";
import { readConnections } from "../../../infra/settings/connections";

test("names that Azure takes and the program would not give are taken", () => {
  const adopted = { bot: "Contoso.Helper_2", teams: true, webApp: "contoso-web", systemIdentity: true };
  expect(readAdopted(adopted, false)).toEqual({ adopted, problems: [] });
  expect(readAdopted(undefined, false)).toEqual({ adopted: undefined, problems: [] });
});

test.each<[what: string, value: unknown, setting: string, code: string]>([
  ["no object", "contoso", "adopted", "wrong-value"],
  ["no bot", { teams: true }, "adopted.bot", "missing-setting"],
  ["a handle that Azure has none of", { bot: "-contoso" }, "adopted.bot", "wrong-value"],
  ["a misspelt field", { bot: "contoso", team: true }, "adopted.team", "unknown-setting"],
  ["a text for a flag", { bot: "contoso", teams: "yes" }, "adopted.teams", "wrong-value"],
  ["a web app's name with a dot", { bot: "contoso", webApp: "contoso.web" }, "adopted.webApp", "wrong-value"],
])("%s is refused", (_what, value, setting, code) => {
  const { adopted, problems } = readAdopted(value, false);
  expect([adopted, problems.map((one) => [one.setting, one.code])]).toEqual([undefined, [[setting, code]]]);
});

describe("beside other settings", () => {
  const said = { botHandle: undefined, endpoint: true, code: false, chatPage: false };
  const settings = (changes: Partial<Parameters<typeof besideAdopted>[1]>, more: object = {}): string[] =>
    besideAdopted({ bot: "contoso", ...more }, { ...said, ...changes }).map(({ setting }) => setting);

  test("a bot that is hosted elsewhere, and one whose code comes from here, are whole", () => {
    expect(settings({})).toEqual([]);
    expect(settings({ endpoint: false, code: true })).toEqual([]);
    expect(settings({ endpoint: false, code: true }, { webApp: "contoso-web" })).toEqual([]);
  });

  test("the bundled bot never takes the place of the one that people talk to", () => {
    expect(settings({ endpoint: false })).toEqual(["adopted"]);
    expect(settings({ endpoint: false }, { webApp: "contoso-web" })).toEqual(["adopted.webApp"]);
  });

  test("two words for the same thing are refused", () => {
    expect(settings({ botHandle: "contoso" })).toEqual(["botHandle"]);
    expect(settings({ code: true })).toEqual(["code"]);
    expect(settings({ chatPage: true })).toEqual(["chatPage"]);
  });
});

describe("a connection that was made by hand", () => {
  const connection = { name: "Graph connection 2.0", provider: "entra", scopes: ["User.Read"], adopted: true };
  const problems = (changes: object): string[] =>
    readConnections([{ ...connection, ...changes }], false).problems.map(({ setting }) => setting);

  test("keeps its name, its own secret and what it was told of tenant and exchange", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ tenantId: "common", tokenExchangeUrl: "api://botid-1" })).toEqual([]);
    expect(problems({ provider: "github", scopes: ["repo"], clientId: "Ov23liExample" })).toEqual([]);
  });

  test("and no other connection does", () => {
    expect(problems({ adopted: false })).toEqual(["connections[0].name"]);
    expect(problems({ adopted: undefined, name: "Graph", tenantId: "common" })).toEqual(["connections[0].tenantId"]);
    const gitHub = { provider: "github", scopes: ["repo"], clientId: "Ov23liExample" };
    expect(problems({ ...gitHub, adopted: undefined, name: "GitHub" })).toEqual(["connections[0].clientSecret"]);
    expect(problems({ adopted: "yes" })).toEqual(expect.arrayContaining(["connections[0].adopted"]));
    expect(problems({ name: "Graph@2" })).toEqual(["connections[0].name"]);
  });
});
