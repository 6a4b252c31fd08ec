import { readTeams, scopesOf } from "../../../infra/settings/teams";

test("what people read in Teams is taken as the stack's file says it", () => {
  const teams = {
    scopes: ["personal", "groupChat"],
    version: "1.2.0",
    shortDescription: "Reads your mail",
    developer: "Contoso",
    website: "https://contoso.com",
  };
  expect(readTeams(teams, false)).toEqual({ teams, problems: [] });
  expect(readTeams(undefined, false)).toEqual({ teams: undefined, problems: [] });
});

test.each([
  [{ scopes: ["private"] }, "teams.scopes", "a list of personal, groupChat, team, copilot"],
  [{ scopes: [] }, "teams.scopes", "a list of personal, groupChat, team, copilot"],
  [{ scopes: ["team", "team"] }, "teams.scopes", "a list of personal, groupChat, team, copilot"],
  [{ version: "1.2" }, "teams.version", "three numbers"],
  [{ version: "01.2.0" }, "teams.version", "three numbers"],
  [{ shortDescription: "x".repeat(81) }, "teams.shortDescription", "1 to 80 characters"],
  [{ fullDescription: " " }, "teams.fullDescription", "1 to 4000 characters"],
  [{ groups: "on" }, "teams.groups", "off, targeted, personal"],
  [
    { groups: "targeted", scopes: ["personal"] },
    "teams.scopes",
    "personal, and groupChat or team, with groups: targeted",
  ],
  [{ groups: "personal", scopes: ["team"] }, "teams.scopes", "personal, and groupChat or team, with groups: personal"],
  [{ developer: 7 }, "teams.developer", "1 to 32 characters"],
  [{ website: "http://contoso.com" }, "teams.website", "an https address"],
  [{ privacy: "contoso.com/privacy" }, "teams.privacy", "an https address"],
  ["personal", "teams", expect.stringContaining("an object with any of scopes") as string],
])("%j is refused with what is allowed", (value, setting, allowed) => {
  const { teams, problems } = readTeams(value, false);
  expect(teams).toBeUndefined();
  expect(problems).toEqual([expect.objectContaining({ code: "wrong-value", setting, allowed })]);
});

test("where people are answered in groups the app is for these, too, unless the stack's file says where it is for", () => {
  expect(scopesOf({})).toEqual(["personal"]);
  expect(scopesOf({ groups: "off" })).toEqual(["personal"]);
  expect(scopesOf({ groups: "personal" })).toEqual(["personal", "groupChat", "team"]);
  const some = { groups: "targeted", scopes: ["personal", "groupChat"] } as const;
  expect([readTeams(some, false).teams, scopesOf(some)]).toEqual([some, some.scopes]);
  // What some readers of YAML make of a bare off.
  expect(readTeams({ groups: false }, false).teams).toEqual({ groups: "off" });
});

test("a misspelt field is told with the one that was meant, and nothing of it where it is encrypted", () => {
  const [problem] = readTeams({ scope: ["personal"] }, true).problems;
  expect(problem).toMatchObject({ code: "unknown-setting", setting: "teams.scope", hint: "Did you mean scopes?" });
  expect(problem!.seen).not.toContain("personal");
});
