import { introductionOf } from "../../bot/introduction";

const mail = { skill: "mail" } as const;
const github = { skill: "github" } as const;
const orders = { skill: "orders" } as const;

test.each([
  [
    "mail alone",
    [mail],
    "Hello. I can read and send mail for you, once you have signed in. Say **mail**, or **help** to see all that I understand.",
  ],
  [
    "all three",
    [mail, github, orders],
    "Hello. I can read and send mail, show and open issues at GitHub and show orders for you, once you have signed in. " +
      "Say **mail**, **issues** or **orders**, or **help** to see all that I understand.",
  ],
  [
    "none that the bot has a skill for",
    [{}],
    "Hello. I have no connection with which I could do something for you. Say **help** to see what I understand.",
  ],
])("the welcome names what the connections let the bot do: %s", (_what, connections, welcome) => {
  expect(introductionOf(connections).welcome).toBe(welcome);
});

test("what the connections let the bot do can be pressed, the skills first: Teams shows three", () => {
  expect(introductionOf([mail, github, orders]).replies).toEqual(["mail", "issues", "orders", "help"]);
  expect(introductionOf([{}]).replies).toEqual(["help"]);
});

test("the help lists the commands of the bot's own connections, and no other", () => {
  expect(introductionOf([github]).help.split("\n")).toEqual([
    "I understand:",
    "",
    "- **issues**: open issues at GitHub that are assigned to you",
    "- **open issue** *owner/repository* *title*: opens an issue in your name; further lines are its text",
    "- **who am i**: which accounts you are signed in with",
    "- **connections**: what you can sign in to, and where you are",
    "- **cancel**: forgets what waits for you to sign in",
    "- **sign out**: forgets your sign-ins",
    "- **help**: this list",
  ]);
});

test("with several skills the help says how to leave one of them", () => {
  expect(introductionOf([mail, github]).help).toContain("**sign out of** *one of them*");
  expect(introductionOf([mail]).help).not.toContain("**sign out of**");
});
