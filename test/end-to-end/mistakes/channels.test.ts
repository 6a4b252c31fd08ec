import { randomUUID } from "node:crypto";
import { botServiceVersion } from "../../../infra/azure/bot-service";
import { defaultSite, kept, readSites, writeSites, type Site } from "../../../infra/provider/channel-sites";
import type { LocalAzure } from "../../../local/azure/azure";
import { Person } from "../../support/person";
import { mistake } from "./mistake";
import { SetUp } from "./set-up";

// Mistakes between a channel and the bot: the user sees only that nothing works, so the bot's log names the fix.

let setUp: SetUp;
const inAzure = (): LocalAzure => setUp.azure;
const directLine = "https://directline.botframework.com/v3/directline";

beforeAll(async () => {
  setUp = await SetUp.deploy();
});
afterAll(() => setUp?.close());

const channel = (bot = setUp.bot): string => `${bot}/channels/DirectLineChannel`;

/** Calls Direct Line with a secret or a token. Gives its answer, whatever it is. */
function call(credential: string, path: string, body: unknown = {}): Promise<Response> {
  return fetch(`${directLine}/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Says something to a bot by Direct Line, as its user. */
async function say(credential: string): Promise<void> {
  const { conversationId } = (await (await call(credential, "conversations")).json()) as { conversationId: string };
  const message = { type: "message", text: "mail", from: { id: "dl_somebody" } };
  const answer = await call(credential, `conversations/${conversationId}/activities`, message);
  expect(answer.status).toBe(502);
}

/** Opens the chat page, which fails, and gives the line of the bot's log that says why. */
async function openInVain(because: string): Promise<string> {
  const since = setUp.log.length;
  const chatAddress = setUp.text("chatAddress");
  const answer = await new Person().open(new URL("api/token", chatAddress).href, {
    method: "POST",
    headers: { origin: new URL(chatAddress).origin, "sec-fetch-site": "same-origin" },
  });
  expect(answer.status).toBe(502);
  return setUp.logged(because, since);
}

async function changeSite(change: Partial<Site>): Promise<void> {
  const sites = (await readSites(setUp.hand.arm, channel())) ?? [];
  const changed = sites.map((site) => (site.siteName === "chat" ? { ...kept(site), ...change } : kept(site)));
  await writeSites(setUp.hand.arm, channel(), changed);
}

mistake(49, inAzure, async () => {
  await changeSite({ isEnabled: false });
  const said = await openInVain("The site is disabled");
  await changeSite({ isEnabled: true });
  return said;
});

mistake(51, inAzure, async () => {
  const { token } = await setUp.chat();
  const endpoint = `${setUp.text("chatAddress")}messages`;
  await setUp.hand.call("PATCH", setUp.bot, botServiceVersion, { properties: { endpoint } });
  const since = setUp.log.length;
  await say(token.token);
  const said = await setUp.logged("activities are taken at", since);
  await setUp.hand.call("PATCH", setUp.bot, botServiceVersion, { properties: { endpoint: setUp.text("endpoint") } });
  return said;
});

mistake(52, inAzure, async () => {
  const other = setUp.bot.replace(setUp.text("bot"), "another-registration");
  const properties = {
    displayName: "Another",
    endpoint: setUp.text("endpoint"),
    msaAppId: randomUUID(),
    msaAppType: "SingleTenant",
    msaAppTenantId: setUp.azure.tenant.tenantId,
  };
  await setUp.hand.call("PUT", other, botServiceVersion, { location: "global", properties });
  type Keys = { setting: { sites: { siteName: string; key: string }[] } };
  const keys = await setUp.hand.call<Keys>("POST", `${channel(other)}/listChannelWithKeys`, botServiceVersion);
  const since = setUp.log.length;
  await say(keys.setting.sites.find(({ siteName }) => siteName === defaultSite)?.key ?? "");
  return setUp.logged("its aud claim", since);
});

mistake(53, inAzure, async () => {
  const since = setUp.log.length;
  const token = await setUp.hand.access.token("https://management.azure.com/.default");
  const answer = await fetch(setUp.text("endpoint"), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ type: "message", text: "mail" }),
  });
  expect(answer.status).toBe(401);
  return setUp.logged("its key is not", since);
});

mistake(50, inAzure, async () => {
  const which = { siteName: "chat", key: "key1" };
  await setUp.hand.call("POST", `${channel()}/regeneratekeys`, botServiceVersion, which);
  return openInVain("Invalid token or secret");
});
