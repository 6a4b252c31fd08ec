import { secretsInUse } from "../../bot/secrets-in-use";

const settings = { secretsRotation: 4, secretsDue: "2027-04-21T00:00:00Z", secretsEnd: "2027-05-21T00:00:00Z" };
const daysBefore = (days: number): Date => new Date(Date.parse(settings.secretsEnd) - days * 86_400_000);

test("the health page says which secrets the bot runs with, and when they end", () => {
  expect(secretsInUse(settings, { password: "newest" }, daysBefore(31))).toEqual({
    rotation: 4,
    ends: "2027-05-21T00:00:00Z",
    password: "newest",
  });
  expect(secretsInUse(settings, {}, daysBefore(31))).not.toHaveProperty("password");
});

test.each([
  [29, "The bot's secrets end in 29 days. Rotate them: npm run rotate -- <stack>"],
  [-1, "The bot's secrets have ended. Rotate them: npm run rotate -- <stack>"],
])("%d days before, it says so", (days, warning) => {
  expect(secretsInUse(settings, {}, daysBefore(days)).warning).toBe(warning);
});
