import { expiryText, listEnding, listText, type PreviewRow, rowOf } from "../../../ops/preview/list";
import { differences } from "../../../ops/preview/show";

const now = new Date("2027-01-15T12:00:00Z");

const rows: PreviewRow[] = [
  {
    name: "42",
    stack: "pr-42",
    owner: "kim@contoso.example",
    made: "2027-01-15T10:30:00Z",
    expires: "2027-01-18T10:30:00Z",
    expired: false,
    health: { state: "well" },
    chatAddress: "https://bot.azurewebsites.net/",
    monthlyCost: 12.69,
  },
  {
    name: `users/kim/🎉${"x".repeat(60)}`,
    stack: "branch-x-01234567",
    expires: "2027-01-15T09:00:00Z",
    expired: true,
    health: { state: "none" },
    monthlyCost: 0,
  },
];

test("a chat's address is the one that this machine's browser opens", () => {
  process.env["BOT_SIGN_IN_PAGES"] = "http://localhost:5100";
  try {
    expect(listText(rows, now)).toContain("  http://localhost:5100/bot.azurewebsites.net/\n");
  } finally {
    delete process.env["BOT_SIGN_IN_PAGES"];
  }
});

test("the list lines up, cuts long names and says what all of it costs", () => {
  expect(listText(rows, now).split("\n")).toEqual([
    "NAME                                      OWNER                AGE         EXPIRES          HEALTH        COST    CHAT",
    "42                                        kim@contoso.example  1 h 30 min  in 2 d 22 h      well          $12.69  https://bot.azurewebsites.net/",
    "users/kim/🎉xxxxxxxxxxxxxxxxxxxxxxxxxx...  -                    -           expired 3 h ago  not deployed  $0.00   -",
    "",
    "Together $12.69 a month. Cost: estimate for a whole month at list prices of East US on 2026-09-26, in US dollars.",
  ]);
});

test("in colours the columns stand where they stand without: health, and what has expired", () => {
  const painted = listText(rows, now, (meaning, text) => `<${meaning}>${text}</>`);
  expect(painted.replace(/<[^>]*>/g, "")).toBe(listText(rows, now));
  expect(painted).toContain("  <good>well</>  ");
  expect(painted).toContain("  <warning>expired 3 h ago</>  <strong>not deployed</>  ");
});

test("one that cannot be read stands in the list with the reason and no cost, and ends it with left", async () => {
  const name = { title: "7", stack: "pr-7" };
  const project = { folder: ".", project: "bot-sign-in", environment: {}, now: () => now };
  const row = await rowOf(project, { name, unread: "its file is torn" }, "its file is torn");
  expect(row).toEqual({
    name: "7",
    stack: "pr-7",
    expired: false,
    health: { state: "unknown", why: "its file is torn" },
  });
  expect(listText([row, rows[0]!], now).split("\n").slice(1, 3)).toEqual([
    "7     -                    -           -            unknown: its file is torn  -       -",
    "42    kim@contoso.example  1 h 30 min  in 2 d 22 h  well                       $12.69  https://bot.azurewebsites.net/",
  ]);
  expect([listEnding([row, rows[0]!]), listEnding(rows)]).toEqual(["left", "done"]);
});

test("no previews", () => {
  expect(listText([], now)).toBe("There are no previews.");
});

test("a preview that was killed before it had an expiry has none, and is not called expired", () => {
  expect(expiryText({ expired: false }, now)).toBe("-");
  expect(expiryText({ expired: false, expires: "5" }, now)).toBe("no date: 5");
});

test("show names settings that differ, as values, without tags and secrets", () => {
  const deployed = {
    "bot-sign-in:location": "westeurope",
    "bot-sign-in:hostingSize": "P0v3",
    "bot-sign-in:connections": '[{"name":"A","scopes":["openid"]}]',
    "bot-sign-in:protect": "false",
    "bot-sign-in:commit": "0123456",
  };
  const shared = {
    "bot-sign-in:location": "westeurope",
    "bot-sign-in:connections": [{ name: "A", scopes: ["openid"] }],
    "bot-sign-in:protect": false,
    "bot-sign-in:displayName": "Mail bot",
    "azuread:clientSecret": { secure: "v1:x" },
  };
  expect(differences(deployed, shared, "bot-sign-in")).toEqual([
    { setting: "displayName", shared: "Mail bot" },
    { setting: "hostingSize", deployed: "P0v3" },
  ]);
});
