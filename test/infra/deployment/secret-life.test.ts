import { endOfLife, epochSeconds, lastDays, monthsOf, renewalWarning } from "../../../infra/deployment/secret-life";

test("a secret's end stands still: it counts from its beginning, not from now", () => {
  expect(endOfLife("2026-11-22T03:04:05Z", 180)).toBe("2027-05-21T03:04:05Z");
  expect(endOfLife("2026-11-22T03:04:05.678Z", 1)).toBe("2026-11-23T03:04:05Z");
});

test.each([
  [180, "2027-04-21T03:04:05Z"],
  [30, "2027-05-13T15:04:05Z"],
])("of a life of %d days the bot warns from %s on", (days, due) => {
  expect(lastDays("2027-05-21T03:04:05Z", days)).toBe(`${due}/2027-05-21T03:04:05Z`);
});

test("Key Vault gets the end in seconds since 1970, as it counts", () => {
  expect(epochSeconds("2027-05-21T03:04:05Z")).toBe(1810868645);
});

test.each([
  [1, 1],
  [27, 1],
  [30, 2],
  [90, 4],
  [180, 7],
  [730, 27],
])("of %d days Key Vault makes %d months, of which no row is shorter", (days, months) => {
  expect(monthsOf(days)).toBe(months);
  const shortest = [...Array(48).keys()].map((at) => {
    const from = Date.UTC(2026, at, 28);
    return (Date.UTC(2026, at + months, 28) - from) / 86_400_000;
  });
  expect(Math.min(...shortest)).toBeGreaterThan(days);
});

describe("nobody is surprised by the end of the secrets", () => {
  const end = "2027-05-21T00:00:00Z";
  const daysBefore = (days: number): Date => new Date(Date.parse(end) - days * 86_400_000);

  test.each([
    [31, 180],
    [30, 180],
    [3, 10],
  ])("no warning %d days before the end of a life of %d days", (days, life) => {
    expect(renewalWarning(end, life, daysBefore(days), "prod")).toBeUndefined();
  });

  test("a warning with the command that renews them in the last month", () => {
    expect(renewalWarning(end, 180, daysBefore(29), "prod")).toBe(
      `The bot's secrets end on ${end}, in 29 days; then nobody can sign in. ` + "Renew them: npm run rotate -- prod",
    );
  });

  test("a warning that says so when they have ended", () => {
    expect(renewalWarning(end, 180, daysBefore(-1), "prod")).toMatch(
      /^The bot's secrets ended on 2027-05-21T00:00:00Z; /,
    );
  });
});
