import { armClient } from "../../../infra/azure/arm";
import { unseenDifferences } from "../../../ops/drift/blind-spots";
import type { State } from "../../../ops/pulumi/state";
import { StandInAccess } from "../../infra/provider/stand-in-access";

const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/mail";
const reference = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/bot-app-password)";
const otherReference = "@Microsoft.KeyVault(SecretUri=https://other.vault.azure.net/secrets/x)";

/** A state with a web app of these settings. */
function stateWith(settings: Record<string, string>): State {
  const appSettings = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const urn = "urn:pulumi:prod::bot-sign-in::azure-native:web:WebApp::host";
  const inputs = { siteConfig: { appSettings } };
  return {
    version: 3,
    deployment: { resources: [{ urn, type: "azure-native:web:WebApp", custom: true, id, inputs }] },
  };
}

test.each<[what: string, deployed: Record<string, string>, live: Record<string, string>, told: [string, string][]]>([
  ["a setting of one's own", { ZONE: "1" }, { ZONE: "2" }, [["ZONE", '"2"']]],
  ["a setting that is gone", { ZONE: "1" }, {}, [["ZONE", "(absent)"]]],
  ["an added setting with a secret's name", {}, { API_KEY: "hunter2" }, [["API_KEY", "(a secret)"]]],
  ["an added reference", {}, { API_KEY: otherReference }, [["API_KEY", JSON.stringify(otherReference)]]],
  [
    "a secret in clear in place of the reference",
    { MicrosoftAppPassword: reference },
    { MicrosoftAppPassword: "hunter2" },
    [["MicrosoftAppPassword", "(a secret)"]],
  ],
  [
    "another reference in its place",
    { MicrosoftAppPassword: reference },
    { MicrosoftAppPassword: otherReference },
    [["MicrosoftAppPassword", JSON.stringify(otherReference)]],
  ],
  [
    "another address, whatever its setting is called",
    { TOKEN_SERVICE_ENDPOINT: "https://a.example" },
    { TOKEN_SERVICE_ENDPOINT: "https://b.example" },
    [["TOKEN_SERVICE_ENDPOINT", '"https://b.example"']],
  ],
  [
    "a secret in clear that was found before",
    { MicrosoftAppPassword: "changed by hand" },
    { MicrosoftAppPassword: "hunter2" },
    [["MicrosoftAppPassword", "(a secret)"]],
  ],
])(
  "of %s that was changed by hand the live value is told, and no secret is told or kept",
  async (_what, deployed, live, told) => {
    const access = new StandInAccess(() => Response.json({ properties: live }));
    const state = stateWith(deployed);
    const found = await unseenDifferences(state, armClient(access));
    expect(found.map(({ field, live }) => [field, live])).toEqual(
      told.map(([name, value]) => [`siteConfig.appSettings.${name}`, value]),
    );
    for (const { mark } of found) mark(state);
    const { siteConfig } = state.deployment.resources![0]!.inputs as {
      siteConfig: { appSettings: { name: string }[] };
    };
    expect(siteConfig.appSettings.map(({ name }) => name)).toEqual(Object.keys(live));
    expect(JSON.stringify(state)).not.toContain("hunter2");
  },
);
