import type { StackSettings } from "../../../ops/pulumi/stack-settings";
import { secretsOfBot } from "../../../ops/preflight/secrets";
import { StandInAccess } from "../../infra/provider/stand-in-access";

const settings = { project: "mail", subscriptionId: "s", secretLifetimeDays: 180 } as unknown as StackSettings;
const bot = (stack: string): object => ({
  tags: { project: "mail", stack },
  properties: { endpoint: `https://${stack}.example/api/messages` },
});

/** A stack's bot whose secrets end so many days from now; without a number its page says nothing of them. */
function azure(days: number | undefined): StandInAccess {
  const build = { version: "1", hash: "a" };
  // The clock of the stand-in begins in 1970.
  const ends = days === undefined ? undefined : new Date(days * 86_400_000).toISOString();
  return new StandInAccess(({ url }) => {
    if (url.pathname.endsWith("/botServices")) return Response.json({ value: [bot("prod"), bot("other")] });
    if (url.hostname !== "prod.example") return new Response("", { status: 404 });
    const secrets = ends && { rotation: 1, ends };
    return Response.json({ status: "well", build, checks: [], connections: [], secrets });
  });
}

test.each([
  [90, "held", undefined],
  [29, "unsure", "npm run rotate -- prod"],
  [-1, "missing", "npm run rotate -- prod"],
])("%d days before the secrets end the preflight finds them %s", async (days, state, fix) => {
  expect(await secretsOfBot(azure(days), settings, "prod")).toEqual([
    {
      what: "The bot's secrets are good",
      state,
      because: expect.stringContaining("Z") as string,
      ...(fix && { fix }),
    },
  ]);
});

test("nothing is said where there is no bot yet, or its page says nothing of its secrets", async () => {
  expect(await secretsOfBot(azure(undefined), settings, "prod")).toEqual([]);
  const none = new StandInAccess(() => Response.json({ error: { code: "ResourceGroupNotFound" } }, { status: 404 }));
  expect(await secretsOfBot(none, settings, "prod")).toEqual([]);
});
