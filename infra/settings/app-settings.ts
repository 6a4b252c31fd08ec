import { appSettingNames } from "../../contract/app-settings";
import { type Problem, shownAs } from "./settings-error";
import { platformSettings } from "../facts/app-settings";
import { couldBeSecret, looksSecret } from "./plain-secrets";
import { asTexts, isScalar } from "./tags";

/** App settings of the deployer's own. Those that are secret are kept in the vault, and the web app gets references. */
export interface OwnAppSettings {
  readonly appSettings?: Readonly<Record<string, string>>;
  readonly secretAppSettings?: Readonly<Record<string, string>>;
}

const longestName = 64;
const longestValue = 8192;
const example = 'appSettings: { FEATURE: "on" }';

/**
 * Names by which something else than the bot's own code decides what runs, whom it believes or where its calls go: App
 * Service's and its build's (https://learn.microsoft.com/azure/app-service/reference-app-settings), Node's
 * (https://nodejs.org/api/cli.html#environment-variables), the system's, and those of Microsoft's identity clients.
 */
const reserved = new RegExp(
  [
    "^(websites?|scm|appsetting|appservice|docker|oryx|enable_oryx|customconnstr|customhandler|diagnostics?|functions|xdt)(_|$)",
    "^(node|npm|ld|ssl|openssl|php|python)(_|$)",
    "^(path|home|port|pwd|user|shell|tmpdir|(https?|no|all)_proxy)$",
    "^azure_(authority|client|tenant|username|password|federated|regional|token|cloud|environment|pod|additionally)",
    "^(arm|identity|msi)(_|$)",
    "^(microsoftapp|appinsights_|applicationinsights|connections__|connectionsmap__|tokenvalidation|outboundhostvalidator)",
    "^(clientid|clientsecret|tenantid)$",
  ].join("|"),
  "i",
);

/** Whether a name is not the deployer's to give: the program's own, or one that decides what runs. */
export function isReserved(name: string): boolean {
  const ours = [...appSettingNames, ...Object.keys(platformSettings)];
  return reserved.test(name) || ours.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** Name in the vault of a secret app setting. Key Vault's names have dashes and no underscores. */
export function secretNameOf(setting: string): string {
  return `app-setting-${setting.replaceAll("_", "-")}`;
}

/**
 * Reads app settings of one's own, from a stack file or from the component's arguments.
 * @param setting the name under which they are given: `appSettings`
 * @param value as it was given
 * @param secret whether they are secret: kept encrypted by Pulumi, or given as secret. Of those no value is shown or judged
 */
export function readAppSettings(
  setting: string,
  value: unknown,
  secret: boolean,
): { settings: Readonly<Record<string, string>> | undefined; problems: Problem[] } {
  if (value === undefined) return { settings: undefined, problems: [] };
  const wrong = (at: string, seen: unknown, allowed: string, more: Partial<Problem> = {}): Problem => ({
    code: "wrong-value",
    setting: at,
    seen: shownAs(seen, secret),
    allowed,
    example,
    ...more,
  });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { settings: undefined, problems: [wrong(setting, value, "an object of names and texts")] };
  }
  const names = Object.keys(value);
  const problems = Object.entries(value).flatMap(([name, text]): Problem[] => {
    const at = `${setting}.${name}`;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.length > longestName) {
      return [wrong(at, text, `a name of 1 to ${longestName} of A-Z a-z 0-9 _, no digit first`)];
    }
    if (isReserved(name)) {
      const hint = "The program, App Service or Node decides by this one what runs and whom it believes.";
      return [wrong(at, text, "a name of your own", { hint })];
    }
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < names.indexOf(name)) {
      return [wrong(at, text, "names that differ in more than case")];
    }
    if (!isScalar(text) || String(text).length > longestValue) {
      return [wrong(at, text, `a text of at most ${longestValue} characters`)];
    }
    const refers = String(text).startsWith("@Microsoft.KeyVault(");
    if (secret || refers || !(looksSecret(name) || couldBeSecret(String(text)))) return [];
    return [
      wrong(at, text, "an encrypted value, which is kept in the vault", {
        code: "plain-secret",
        seen: "a secret (not shown)",
        example: `pulumi config set --secret --path ${at}`,
        hint: "It stands in clear in the stack file: renew it, then set it encrypted. The web app then gets a reference.",
      }),
    ];
  });
  return { settings: problems.length > 0 ? undefined : asTexts(value), problems };
}
