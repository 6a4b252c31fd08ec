import { readTeams } from "../../../infra/decisions/teams-settings";

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
  [{ developer: 7 }, "teams.developer", "1 to 32 characters"],
  [{ website: "http://contoso.com" }, "teams.website", "an https address"],
  [{ privacy: "contoso.com/privacy" }, "teams.privacy", "an https address"],
  ["personal", "teams", expect.stringContaining("an object with any of scopes") as string],
])("%j is refused with what is allowed", (value, setting, allowed) => {
  const { teams, problems } = readTeams(value, false);
  expect(teams).toBeUndefined();
  expect(problems).toEqual([expect.objectContaining({ code: "wrong-value", setting, allowed })]);
});

test("a misspelt field is told with the one that was meant, and nothing of it where it is encrypted", () => {
  const [problem] = readTeams({ scope: ["personal"] }, true).problems;
  expect(problem).toMatchObject({ code: "unknown-setting", setting: "teams.scope", hint: "Did you mean scopes?" });
  expect(problem!.seen).not.toContain("personal");
});
