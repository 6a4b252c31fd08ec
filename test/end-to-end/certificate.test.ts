import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "../../contract/app-settings";
import { applyPolicy } from "../../local/azure/seeded-policies";
import { Portal } from "../engine/support/portal";
import { Chat, hasCard, signInAddress } from "../support/chat";
import { mayMakeCertificates } from "../support/certificates-officer";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";
import { Person } from "../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";
import { thumbprintOf } from "../support/thumbprint";
import { logged } from "../support/soon";

/** A tenant that gives applications no passwords, and a bot that proves itself by a certificate; its connection has no secret. */
let deployed: Deployed;
let portal: Portal;
let disconnect: () => void;

beforeAll(async () => {
  deployed = await deploy({
    config: { identity: "certificate", secretless: "true" },
    async before(azure) {
      applyPolicy(azure, "no-passwords");
      await mayMakeCertificates(azure);
    },
  });
  portal = new Portal(deployed.azure);
  disconnect = await connectThisProcess(deployed.azure, "browser");
  await consentForEveryone(new Person(), deployed.azure, String(deployed.outputs.signInAppId));
});

afterAll(async () => {
  disconnect?.();
  await deployed?.close();
});

const health = async (): Promise<Health> =>
  (await (await fetch(`${String(deployed.outputs.chatAddress)}healthz`)).json()) as Health;

const webApp = (): string => {
  const { resourceGroup, webApp: name } = deployed.outputs as Record<string, string>;
  return `/subscriptions/${deployed.azure.tenant.subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${name}`;
};
const settings = async (): Promise<Record<string, string>> =>
  (await portal.arm<{ properties: Record<string, string> }>("POST", `${webApp()}/config/appsettings/list`)).properties;

test("the bot itself proves its newest certificate, and a person signs in and reads mail", async () => {
  expect(await health()).toMatchObject({
    status: "well",
    secrets: { certificate: { taken: "newest", provenAt: expect.stringMatching(/^20.*Z$/) as string } },
  });
  const person = new Person();
  const address = String(deployed.outputs.chatAddress);
  const token = await openChatPage(person, address);
  const chat = new Chat(token);
  try {
    await chat.opened();
    const card = await chat.ask("mail", hasCard);
    const bound = await boundTo(person, token, address, signInAddress(card) ?? "");
    expect((await signIn(person, deployed.azure, bound, "sam@contoso.example")).status).toBe(200);
    expect((await chat.answer(({ text }) => Boolean(text))).text).toMatch(/^Your \d newest messages:/);
  } finally {
    chat.end();
  }
});

test("Entra knows two certificates and no password, nobody has the key, and no secret was sent for the bot's tokens", async () => {
  const { value: applications } = await portal.graph<{
    value: { appId: string; passwordCredentials: unknown[]; keyCredentials: { key: string | null }[] }[];
  }>("GET", "/applications");
  const bot = applications.find(({ appId }) => appId === deployed.outputs.botAppId)!;
  expect([bot.passwordCredentials, bot.keyCredentials.length]).toEqual([[], 2]);

  const properties = await settings();
  expect(properties).not.toHaveProperty("MicrosoftAppPassword");
  expect(properties["MicrosoftAppCertificate"]).toMatch(
    /^https:\/\/[a-z0-9-]+\.vault\.azure\.net\/keys\/bot-certificate\/[0-9a-f]{32} [\w-]{43}$/,
  );
  const [keyUri = ""] = properties["MicrosoftAppCertificate"]!.split(" ");
  const sign = portal.data("POST", `${keyUri}/sign?api-version=7.4`, {
    alg: "PS256",
    value: Buffer.alloc(32).toString("base64url"),
  });
  await expect(sign).rejects.toThrow("ForbiddenByRbac");
  const key = await portal.data("GET", `${keyUri.replace("/keys/", "/certificates/")}?api-version=7.4`);
  expect(JSON.parse(key)).toMatchObject({ policy: { key_props: { exportable: false } } });

  const asked = deployed.azure.trace
    .exchanges()
    .filter(({ caller, url }) => caller === "bot" && /\/token\b/.test(new URL(url).pathname));
  expect(asked.map(({ url }) => new URL(url).pathname)).toContain(
    `/${deployed.azure.tenant.tenantId}/oauth2/v2.0/token`,
  );
  expect(asked.filter(({ requestBody = "" }) => /client_secret=/.test(requestBody))).toEqual([]);
  const signed = deployed.azure.trace.exchanges().filter(({ url }) => /\/keys\/.*\/sign/.test(url));
  expect(new Set(signed.map(({ caller, status }) => `${caller} ${String(status)}`))).toContain("bot 200");
  expect(deployed.log.join("\n")).not.toMatch(/"x5t#S256"|PRIVATE KEY/);
  expect(deployed.outputs.secretsExpire).toHaveProperty("bot-certificate");
});

test("where Entra does not know the newest certificate, the bot goes on with the one before, and says so", async () => {
  const setting = (await settings())["MicrosoftAppCertificate"] ?? "";
  const { value } = await portal.graph<{ value: { id: string; keyCredentials: { keyId: string; key: string }[] }[] }>(
    "GET",
    `/applications?$filter=appId eq '${String(deployed.outputs.botAppId)}'&$select=id,keyCredentials`,
  );
  const [{ id, keyCredentials }] = value as [(typeof value)[number]];
  const others = keyCredentials.filter(({ key }) => {
    return !setting.endsWith(thumbprintOf(key));
  });
  expect(others).toHaveLength(1);
  await portal.graph("PATCH", `/applications/${id}`, { keyCredentials: others.map(({ keyId }) => ({ keyId })) });
  await portal.arm("POST", `${webApp()}/restart`);
  let seen: Partial<Health> = {};
  for (const end = Date.now() + 20_000; Date.now() < end && seen.secrets?.certificate?.taken !== "before";) {
    seen = await health().catch(() => ({}));
    await sleep(200);
  }
  expect([seen.status, seen.secrets?.certificate]).toEqual(["well", { taken: "before" }]);
  expect(await logged(deployed.log, "Entra refuses the newest certificate here; the one before it is used")).toBe(true);
});
