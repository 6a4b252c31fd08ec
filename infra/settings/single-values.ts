import { fixes } from "../../contract/known-errors/fixes";
import type { Problem } from "./settings-error";
import { isOfOtherCloud, publicCloudOnly } from "../facts/cloud";
import { botIdentityKinds, environments, suggestedBy } from "./environment";
import { hostingSizes } from "../facts/hosting-size";
import { nearest } from "./nearest";
import { residencies } from "../facts/residency";
import { askedPattern } from "../deployment/rotation";
import { guid, type ValueType, matching, oneOf, wholeNumber, yesOrNo } from "./value-types";

interface Row<T> extends ValueType<T> {
  /** A right value. */
  readonly example: string;
  /** The same as a shell takes it, where that differs. */
  readonly typed?: string;
}

const row = <T>(type: ValueType<T>, example: string, typed?: string): Row<T> => ({
  ...type,
  example,
  ...(typed === undefined ? {} : { typed }),
});

/** Every setting that is one value, whoever says it: a stack file or the arguments of the component. */
export const singleValues = {
  environment: row(oneOf(...environments), "prod"),
  location: row(
    matching(/^[a-z]+[0-9]?$/, "the name of an Azure region, in small letters without spaces"),
    "westeurope",
  ),
  residency: row(oneOf(...residencies), "europe"),
  displayName: row(matching(/^(?=.*\S).{1,35}$/u, "1 to 35 characters"), "Mail bot", '"Mail bot"'),
  botAppType: row(oneOf("SingleTenant"), "SingleTenant"),
  botHandle: row(
    matching(/^[A-Za-z0-9][A-Za-z0-9_-]{3,41}$/, "4 to 42 of A-Z a-z 0-9 _ -, beginning with a letter or digit"),
    "contoso-mail-bot",
  ),
  botSku: row(oneOf("F0", "S1"), "F0"),
  hostingSize: row(oneOf(...hostingSizes), "B1"),
  secretLifetimeDays: row(wholeNumber(1, 730, "days"), "180"),
  secretsRenewed: row(
    matching(/^[\x20-\x7e]{1,64}$/, "any text of 1 to 64 characters; another one renews every secret"),
    "2027-01-15",
  ),
  secretsRotation: row(matching(askedPattern, "a rotation as npm run rotate asks for it: 4 or 4 done"), "4"),
  adminConsent: row(yesOrNo, "true"),
  singleSignOn: row(yesOrNo, "true"),
  identity: row(oneOf(...botIdentityKinds), "managed"),
  secretless: row(yesOrNo, "true"),
  protect: row(yesOrNo, "true"),
  purgeProtection: row(yesOrNo, "true"),
  vaultRetentionDays: row(wholeNumber(7, 90, "days"), "90"),
  owner: row(matching(/^[\w .,@+-]{1,100}$/, "1 to 100 of A-Z a-z 0-9 _ . , @ + - and space"), "mail-team@contoso.com"),
  commit: row(
    matching(/^[0-9a-f]{7,64}$/, "a commit's hash, 7 to 64 of 0-9 a-f"),
    "8412f4f",
    '"$(git rev-parse HEAD)"',
  ),
  expires: row(
    matching(/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/, "a date and time in UTC such as 2027-01-15T12:00:00Z"),
    "2027-01-15T12:00:00Z",
  ),
  // A text to Microsoft Graph: an id of a service tree in one tenant, the number of a configuration item in another.
  serviceManagementReference: row(
    matching(/^(?=.*\S)[\x20-\x7e]{1,256}$/, "1 to 256 characters, as the tenant wants them"),
    "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
  ),
  tenant: row(guid, "72f988bf-86f1-41af-91ab-2d7cd011db47", "$(az account show --query tenantId --output tsv)"),
  logRetentionDays: row(wholeNumber(30, 730, "days"), "30"),
} satisfies Record<string, Row<unknown>>;

export type SettingName = keyof typeof singleValues;
export type ValueOf<Name extends SettingName> = (typeof singleValues)[Name] extends Row<infer T> ? T : never;

/** What is wrong with a value, whoever said it; undefined where it is right. */
export function problemWith(name: SettingName, given: string): Pick<Problem, "code" | "allowed" | "hint"> | undefined {
  const type: Row<unknown> = singleValues[name];
  const { allowed } = type;
  if (name === "location" && isOfOtherCloud(given)) {
    return { code: "other-cloud", allowed: "a region of the public cloud", hint: publicCloudOnly };
  }
  if (type.read(given) !== undefined) return undefined;
  if (name === "botAppType" && given.toLowerCase() === "multitenant") return { ...multiTenant, allowed };
  const meant = type.words && (nearest(given, type.words) ?? (name === "environment" && suggestedBy(given)));
  return { code: "wrong-value", allowed, ...(meant ? { hint: `Did you mean ${meant}?` } : {}) };
}

/** Azure's refusal would come minutes later as InvalidBotCreationData: https://learn.microsoft.com/azure/bot-service/abs-quickstart. */
const multiTenant = {
  code: "multi-tenant",
  hint: `Azure has refused new multi-tenant bots since 31 July 2025. ${fixes.oneTenant}`,
} as const;
