import { planLines, planOf } from "../../../ops/rotate/plan";
import type { ComponentRotation } from "../../../ops/pulumi/stack-secrets";

const connection = "/subscriptions/s/resourceGroups/g/providers/Microsoft.BotService/botServices/b/connections/Graph";
const at = (number: number, more: Partial<ComponentRotation> = {}): ComponentRotation => ({
  component: "mail",
  number,
  connections: number,
  running: number,
  healthUrl: "https://mail/healthz",
  withPassword: [connection],
  ...more,
});
const asked = (...components: ComponentRotation[]): unknown => {
  const { number, goesOn, steps } = planOf(components);
  return { number, goesOn, asked: steps.map((step) => step.asked) };
};

test.each([
  ["the next one", [at(0)], { number: 1, goesOn: false, asked: ["1", "1 done"] }],
  [
    "in one step where no connection has a password",
    [at(4, { withPassword: [] })],
    { number: 5, goesOn: false, asked: ["5 done"] },
  ],
  [
    "the one whose connections do not follow yet",
    [at(3, { connections: 2 })],
    { number: 3, goesOn: true, asked: ["3", "3 done"] },
  ],
  [
    "the one that the bot does not run with yet",
    [at(3, { running: 2 })],
    { number: 3, goesOn: true, asked: ["3", "3 done"] },
  ],
  [
    "the next one of a bot without a health page",
    [at(3, { running: undefined })],
    { number: 4, goesOn: false, asked: ["4", "4 done"] },
  ],
  [
    "first what one of two components has begun",
    [at(2), at(2, { running: 1 })],
    { number: 2, goesOn: true, asked: ["2", "2 done"] },
  ],
])("a rotation is %s", (_what, components, wanted) => {
  expect(asked(...components)).toEqual(wanted);
});

test("the plan says beforehand what users will notice, and which secrets end", () => {
  expect(planLines("prod", planOf([at(1)]))).toEqual([
    "prod: rotation 2.",
    "  1. makes the secrets anew that were not in use, proves each password, and has the bot use them; those of rotation 0 end",
    "  2. waits for a quiet minute, then makes Graph anew with the password that was proved",
    "Users notice:",
    "  - Everybody who is signed in through Graph signs in again.",
    "  - Between the old connection and the new one, some seconds, every sign-in through it fails. How long it was is measured.",
    "  - Chats go on. Without a client secret (the setting secretless) nobody would notice anything.",
  ]);
});

test("a set-up without client secrets promises that nobody notices", () => {
  expect(planLines("prod", planOf([at(1, { withPassword: [], running: 0 })])).slice(0, 1)).toEqual([
    "prod: rotation 1, which was begun and is not done.",
  ]);
  expect(planOf([at(1, { withPassword: [] })]).noticed).toEqual([
    "Nothing: no connection has a client secret, chats and sessions go on.",
  ]);
});
