import * as pulumi from "@pulumi/pulumi";
import { guid, secretValues } from "../support/azure-answers";
import type { Json, Properties, Recorded, Recording } from "../support/recorder";
import { asConfig, deploy, devConfig, runProgram, project } from "./program";

// The numbers are those of docs/known-mistakes.md. Each test looks at every kind of deployment that the settings allow.

const connection = {
  provider: "entra",
  scopes: ["openid", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
};
const botAppId = guid("bot client");
const botTypes = ["MultiTenant", "UserAssignedMSI"];

let recordings: Recording[];
let plain: Recording;
let again: Recording;
let signedOn: Recording;
let preview: Recording;

beforeAll(async () => {
  plain = await deploy();
  again = await deploy();
  signedOn = await deploy(
    {
      residency: "europe",
      singleSignOn: true,
      adminConsent: true,
      hostingSize: "F1",
      connections: [
        { ...connection, name: "One", skill: "mail" },
        { ...connection, name: "Two" },
      ],
    },
    { stack: "prod" },
  );
  preview = await deploy({}, { preview: true });
  recordings = [plain, signedOn];
});

const bot = (recording: Recording): Properties =>
  recording.one("azure-native:botservice:Bot").inputs["properties"] as Properties;
const app = (recording: Recording): Properties => recording.one("azure-native:web:WebApp").inputs;
const setting = (recording: Recording, name: string): string | undefined =>
  ((app(recording)["siteConfig"] as Properties)["appSettings"] as { name: string; value: string }[]).find(
    (candidate) => candidate.name === name,
  )?.value;
const applications = "azuread:index/application:Application";

/** Every text in the inputs that no secret envelope covers. */
function openTexts({ inputs, secretInputs }: Recorded): string[] {
  const walk = (value: Json, path: string): string[] => {
    if (secretInputs.includes(path)) return [];
    if (typeof value === "string") return [value];
    if (typeof value !== "object" || value === null) return [];
    if (Array.isArray(value)) return value.flatMap((entry, at) => walk(entry, `${path}[${at}]`));
    return Object.entries(value).flatMap(([key, inner]) => walk(inner, path ? `${path}.${key}` : key));
  };
  return walk(inputs, "");
}

test.each(botTypes)("1: a bot of type %s is refused before anything is created", async (botAppType) => {
  const newResource = jest.fn();
  await pulumi.runtime.setMocks({ newResource, call: jest.fn() }, project, "dev");
  pulumi.runtime.setAllConfig({ ...devConfig(), ...asConfig({ botAppType }) });
  expect(() => runProgram()).toThrow(pulumi.RunError);
  expect(newResource).not.toHaveBeenCalled();
});

test("1: bot and registration say the same tenant type, from one place", () => {
  for (const recording of recordings) {
    expect(bot(recording)["msaAppType"]).toBe("SingleTenant");
    expect(setting(recording, "MicrosoftAppType")).toBe("SingleTenant");
    expect(setting(recording, "MicrosoftAppTenantId")).toBe(bot(recording)["msaAppTenantId"]);
    expect(setting(recording, "MicrosoftAppId")).toBe(bot(recording)["msaAppId"]);
  }
});

test("2: every application has its service principal, and the registration waits for the bot's", () => {
  for (const recording of recordings) {
    const principals = recording
      .all("azuread:index/servicePrincipal:ServicePrincipal")
      .map(({ inputs }) => inputs["clientId"]);
    for (const { name } of recording.all(applications)) expect(principals).toContain(guid(`${name} client`));
    expect(recording.one("azure-native:botservice:Bot").waitsFor).toContain("ServicePrincipal bot");
  }
});

test("3: one application belongs to one bot, and a change that Bot Service refuses makes a new bot", () => {
  for (const recording of recordings) {
    const registration = recording.one("azure-native:botservice:Bot");
    expect(registration.waitsFor).toContain("Application bot");
    expect(registration.replaceOnChanges).toEqual([
      "properties.msaAppId",
      "properties.msaAppType",
      "properties.msaAppTenantId",
    ]);
    expect(registration.deleteBeforeReplace).toBe(true);
  }
  expect(signedOn.one("azure-native:botservice:Bot").protect).toBe(true);
});

test("4: redirect address, Token Service and Direct Line are of one residency", () => {
  for (const [recording, region] of [
    [plain, ""],
    [signedOn, "europe."],
  ] as const) {
    const web = recording.one(applications, "sign-in").inputs["web"] as Properties;
    expect(web["redirectUris"]).toEqual([`https://${region}token.botframework.com/.auth/web/redirect`]);
    expect(setting(recording, "TOKEN_SERVICE_ENDPOINT")).toBe(`https://${region}api.botframework.com`);
    expect(setting(recording, "DIRECT_LINE_ENDPOINT")).toBe(`https://${region}directline.botframework.com`);
  }
});

test("5: single sign-on uses one address, made of the bot's id; without it there is none", () => {
  const uri = signedOn.one("azuread:index/applicationIdentifierUri:ApplicationIdentifierUri").inputs["identifierUri"];
  expect(uri).toBe(`api://botid-${botAppId}`);
  for (const { inputs } of signedOn.all("azure-native:botservice:BotConnection")) {
    expect((inputs["properties"] as Properties)["parameters"]).toContainEqual({ key: "tokenExchangeUrl", value: uri });
  }
  expect(JSON.stringify(plain.resources)).not.toContain("tokenExchangeUrl");
});

test("6: the identifier URI comes after v2 tokens, as a resource that the application does not fight", () => {
  const application = signedOn.one(applications, "sign-in");
  expect(application.inputs["api"]).toMatchObject({ requestedAccessTokenVersion: 2 });
  expect(application.inputs).not.toHaveProperty("identifierUris");
  expect(application.ignoreChanges).toContain("identifierUris");
  expect(signedOn.one("azuread:index/applicationIdentifierUri:ApplicationIdentifierUri").waitsFor).toContain(
    "Application sign-in",
  );
});

test("7: the scope's id is kept in the state, and every part of an application points to its object, not to its client id", () => {
  for (const recording of recordings) {
    expect(recording.one(applications, "sign-in").waitsFor).toContain("RandomUuid sign-in-scope");
    const parts = recording.resources.filter(({ inputs }) => "applicationId" in inputs);
    expect(parts.length).toBeGreaterThan(1);
    for (const { inputs } of parts) expect(inputs["applicationId"]).toMatch(/^\/applications\/[0-9a-f-]{36}$/);
  }
});

test("8: a connection has one name: in Bot Service, in the bot's settings, in the check and in the outputs", () => {
  for (const recording of recordings) {
    const names = recording
      .all("azure-native:botservice:BotConnection")
      .map(({ inputs }) => inputs["connectionName"])
      .sort();
    const told = JSON.parse(setting(recording, "OAUTH_CONNECTIONS")!) as { name: string }[];
    const checked = recording.resources
      .filter(({ inputs }) => "settingId" in inputs)
      .map(({ inputs }) => inputs["connectionName"]);
    expect(told.map(({ name }) => name).sort()).toEqual(names);
    expect(checked.sort()).toEqual(names);
    expect([...(recording.outputs["connections"] as string[])].sort()).toEqual(names);
  }
  expect(signedOn.outputs["connections"]).toEqual(["One", "Two"]);
});

test("9: every connection names its provider by id and carries the parameters that the provider needs", () => {
  for (const recording of recordings) {
    for (const { inputs } of recording.all("azure-native:botservice:BotConnection")) {
      const properties = inputs["properties"] as { serviceProviderId: string; parameters: { key: string }[] };
      expect(properties.serviceProviderId).toBe("30dd229c-58e3-4a48-bdfd-91ec48eb906c");
      expect(properties.parameters.map(({ key }) => key)).toContain("tenantId");
    }
  }
});

test("10: channels that every new bot has are never created, which would fail", () => {
  for (const recording of recordings) {
    expect(recording.all("azure-native:botservice:Channel").map(({ inputs }) => inputs["channelName"])).toEqual([
      "MsTeamsChannel",
    ]);
  }
});

test("11: Direct Line's key leaves the site only after enhanced authentication was read back, for the chat page's origin", () => {
  for (const recording of recordings) {
    const site = recording.one("bot-sign-in:index:DirectLineSite");
    expect(site.inputs["trustedOrigins"]).toEqual([new URL(String(recording.outputs["chatAddress"])).origin]);
    expect(recording.one("azure-native:keyvault:Secret", "vault-direct-line-secret").waitsFor).toContain(
      "DirectLineSite channels-direct-line",
    );
  }
});

describe("12: no secret in clear", () => {
  const secrets = Object.values(secretValues);

  test("in an input that Pulumi would not encrypt", () => {
    for (const recording of recordings) {
      for (const resource of recording.resources) {
        for (const text of openTexts(resource)) {
          for (const secret of secrets)
            expect({ resource: resource.urn, leaks: text.includes(secret) }).toEqual({
              resource: resource.urn,
              leaks: false,
            });
        }
      }
    }
  });

  test("in outputs or in warnings", () => {
    for (const recording of [...recordings, preview]) {
      const texts = [JSON.stringify(recording.outputs), ...recording.warnings];
      for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
      expect(recording.secretOutputs).toEqual([]);
    }
  });

  test("in what Bot Service answers about a connection", () => {
    for (const recording of recordings) {
      for (const { additionalSecretOutputs } of recording.all("azure-native:botservice:BotConnection")) {
        expect(additionalSecretOutputs).toContain("properties");
      }
    }
  });

  test("in the test itself: the secrets do reach the places they are for", () => {
    const all = JSON.stringify(plain.resources);
    for (const secret of [
      secretValues.botPassword,
      secretValues.signInPassword,
      secretValues.sessionKey,
      secretValues.directLineKey,
    ]) {
      expect(all).toContain(secret);
    }
    expect(all).not.toContain(secretValues.otherSiteKey);
  });
});

test("13: references resolve: roles asked for outright, the one for secrets granted before the web app, read with the identity that holds them", () => {
  for (const recording of recordings) {
    const vault = recording.one("azure-native:keyvault:Vault").inputs["properties"] as Properties;
    expect(vault["enableRbacAuthorization"]).toBe(true);
    expect(recording.one("azure-native:web:WebApp").waitsFor).toContain("RoleAssignment identity-reads-secrets");
    const identity = app(recording)["identity"] as Properties;
    expect(identity["userAssignedIdentities"]).toEqual([app(recording)["keyVaultReferenceIdentity"]]);
  }
});

test("14: a renewed secret reaches the bot at once, and every secret has its end on record", () => {
  for (const recording of recordings) {
    for (const name of [
      "MicrosoftAppPassword",
      "MicrosoftAppPasswordBefore",
      "CHAT_SESSION_KEY",
      "CHAT_SESSION_KEY_BEFORE",
    ]) {
      expect(setting(recording, name)).toMatch(
        /^@Microsoft\.KeyVault\(SecretUri=https:\/\/[^/]+\/secrets\/[a-z2-]+\/[0-9a-f]{32}\)$/,
      );
    }
    for (const { inputs } of recording.all("azure-native:keyvault:Secret")) {
      expect((inputs["properties"] as { attributes: Properties }).attributes["expires"]).toEqual(expect.any(Number));
    }
    for (const { inputs, waitsFor } of recording.all("azuread:index/applicationPassword:ApplicationPassword")) {
      expect(inputs["endDate"]).toEqual(Object.values(recording.outputs["secretsExpire"] as Properties)[0]);
      expect(waitsFor).toContain("RotationDate secrets-renewed");
    }
  }
});

test("16: a second deployment of the same settings changes nothing: no date, no password, no name is made of now", () => {
  const asked = (recording: Recording): [string, Properties][] =>
    recording.resources
      .map(({ urn, inputs }): [string, Properties] => [urn, inputs])
      .sort(([one], [other]) => (one < other ? -1 : 1));
  expect(asked(again)).toEqual(asked(plain));
});

test("15: without secretless no federated credential is made, so none can have a wrong subject", () => {
  for (const recording of recordings) {
    expect(recording.resources.filter(({ type }) => /federated/i.test(type))).toEqual([]);
  }
});

describe("and besides", () => {
  test("the endpoint is the host that App Service gave, over https, at the route that the bot serves", () => {
    for (const recording of recordings)
      expect(bot(recording)["endpoint"]).toMatch(/^https:\/\/[^/]+\.azurewebsites\.net\/api\/messages$/);
    expect(bot(plain)["endpoint"]).toBe(plain.outputs["endpoint"]);
  });

  test("the plan is a Linux one, and the free size is not told to stay awake", () => {
    for (const recording of recordings)
      expect(recording.one("azure-native:web:AppServicePlan").inputs["reserved"]).toBe(true);
    expect((app(plain)["siteConfig"] as Properties)["alwaysOn"]).toBe(true);
    expect((app(signedOn)["siteConfig"] as Properties)["alwaysOn"]).toBe(false);
  });

  test("purge protection is asked for or left out, never refused outright, which Azure rejects", () => {
    for (const recording of recordings) {
      expect(
        (recording.one("azure-native:keyvault:Vault").inputs["properties"] as Properties)["enablePurgeProtection"],
      ).not.toBe(false);
    }
  });

  test("no token of the deployer becomes part of the state", () => {
    for (const recording of recordings) {
      expect(recording.invokes.map(({ token }) => token).filter((token) => /token/i.test(token))).toEqual([]);
    }
  });

  test("the same stack elsewhere takes other names in the world, so that a vault in the recycle bin blocks nobody", () => {
    const named = (token: string): readonly string[] => plain.one(`azure-native:${token}`).waitsFor;
    for (const token of ["keyvault:Vault", "storage:StorageAccount", "web:WebApp"]) {
      expect(named(token)).toContain("RandomString suffix-here");
    }
    expect(named("botservice:Bot")).toContain("RandomString suffix");
  });
});

test("a preview before the first deployment shows every resource, and says what an administrator will have to do", () => {
  const listed = (recording: Recording): string[] => recording.resources.map(({ urn }) => urn).sort();
  expect(listed(preview)).toEqual(listed(plain));
  expect(preview.warnings).toEqual([
    expect.stringContaining("an administrator consents (pulumi up prints the address)"),
  ]);
});
