import type * as pulumi from "@pulumi/pulumi";
import { type Access, deployerAccess } from "../azure/access";
import { construct } from "./construct";
import { botSignInSchema } from "./bot-sign-in-schema";
import { botHealth, botHealthSchema } from "./bot-health";
import { broughtCode, broughtCodeSchema } from "./brought-code";
import { connectionCheck, connectionCheckSchema } from "./connection-check";
import { deployedCode, deployedCodeSchema } from "./deployed-code";
import { directLineKey, directLineKeySchema } from "./direct-line-key";
import { directLineSite, directLineSiteSchema } from "./direct-line-site";
import { keepSecret, plainProperties, present, type Properties } from "./envelope";
import { fixedSettings, fixedSettingsSchema } from "./fixed-settings";
import type { Lifecycle } from "./lifecycle";
import { name, version } from "./own-package";
import { passwordProof, passwordProofSchema } from "./password-proof";
import { preconditions, preconditionsSchema } from "./preconditions";
import { protection, protectionSchema } from "./protection";
import { rotationDate, rotationDateSchema } from "./rotation-date";
import { type ResourceSchema, schemaOf, wrongTypes } from "./schema";
import { teamsAgreement, teamsAgreementSchema } from "./teams-agreement";
import { vaultCertificate, vaultCertificateSchema } from "./vault-certificate";
import { webChatDefaultSite, webChatDefaultSiteSchema } from "./web-chat-site";

/** What the provider needs of the world. */
export interface ProviderOptions {
  readonly access?: () => Access;
  /** Tells the person in front of `pulumi up` something about a resource. */
  warn?(urn: string, message: string): void;
}

/** Pulumi's provider protocol, as far as this provider speaks it; every resource has the whole lifecycle. */
export type BotSignInProvider = Required<
  Pick<
    pulumi.provider.Provider,
    "version" | "schema" | "check" | "diff" | "create" | "read" | "update" | "delete" | "construct"
  >
>;

interface Resource {
  readonly schema: ResourceSchema<Properties, Properties>;
  readonly lifecycle: Lifecycle<Properties, Properties>;
}

const row = <Inputs extends object, Outputs extends Inputs>(
  schema: ResourceSchema<Inputs, Outputs>,
  lifecycle: Lifecycle<Inputs, Outputs>,
): Resource => ({ schema, lifecycle }) as unknown as Resource;

/**
 * The provider `bot-sign-in`: what azure-native cannot do, as resources of their own. Pulumi starts it from this checkout
 * for each of its commands (`plugins` in Pulumi.yaml), so nothing of it stands in the state and a destroy runs the code
 * that lies here, not that of whoever made the resource.
 * https://www.pulumi.com/docs/iac/concepts/resources/providers/
 */
export function createProvider(options: ProviderOptions = {}): BotSignInProvider {
  const { access = deployerAccess, warn = () => undefined } = options;
  const resources = (urn: string): Readonly<Record<string, Resource>> => ({
    BotHealth: row(botHealthSchema, botHealth(access)),
    BroughtCode: row(broughtCodeSchema, broughtCode(access)),
    ConnectionCheck: row(
      connectionCheckSchema,
      connectionCheck(access, (message) => warn(urn, message)),
    ),
    DeployedCode: row(deployedCodeSchema, deployedCode(access)),
    DirectLineKey: row(directLineKeySchema, directLineKey(access)),
    DirectLineSite: row(directLineSiteSchema, directLineSite(access)),
    FixedSettingsCheck: row(fixedSettingsSchema, fixedSettings(stackOf(urn))),
    PasswordProof: row(
      passwordProofSchema,
      passwordProof(access, (message) => warn(urn, message)),
    ),
    Preconditions: row(preconditionsSchema, preconditions(access)),
    Protection: row(protectionSchema, protection(stackOf(urn))),
    RotationDate: row(rotationDateSchema, rotationDate()),
    TeamsAgreement: row(
      teamsAgreementSchema,
      teamsAgreement(access, (message) => warn(urn, message)),
    ),
    VaultCertificate: row(vaultCertificateSchema, vaultCertificate(access)),
    WebChatDefaultSite: row(webChatDefaultSiteSchema, webChatDefaultSite(access)),
  });
  const resource = (urn: string): Resource => {
    const type = typeOf(urn);
    const found = resources(urn)[type.replace(`${name}:index:`, "")];
    if (!found)
      throw new Error(`The provider ${name} ${version} has no resource ${type}: update the checkout it runs from.`);
    return found;
  };

  return {
    version,
    schema: JSON.stringify({
      name,
      version,
      description: "A bot on Azure whose users sign in, and the parts of it that azure-native cannot make",
      types: botSignInSchema.types,
      resources: {
        ...botSignInSchema.resources,
        ...Object.fromEntries(
          Object.entries(resources("")).map(([type, { schema }]) => [`${name}:index:${type}`, schemaOf(schema)]),
        ),
      },
      language: { nodejs: { packageName: "pulumi-bot-sign-in", respectSchemaVersion: true } },
    }),
    construct,
    async check(urn: string, olds: Properties | undefined, news: Properties) {
      const { schema, lifecycle } = resource(urn);
      const plain = plainProperties(news);
      const wrong = wrongTypes(schema.inputs, plain);
      const failures = wrong.length > 0 ? wrong : await lifecycle.check(plainProperties(olds), plain);
      return { inputs: news, failures: [...failures] };
    },
    async diff(id: string, urn: string, olds: Properties, news: Properties) {
      return resource(urn).lifecycle.diff(id, plainProperties(olds), plainProperties(news));
    },
    async create(urn: string, inputs: Properties) {
      const { id, outs } = await resource(urn).lifecycle.create(plainProperties(inputs));
      return { id, outs: withSecrets(outs, inputs) };
    },
    async update(id: string, urn: string, olds: Properties, news: Properties) {
      const { outs } = await resource(urn).lifecycle.update(id, plainProperties(olds), plainProperties(news));
      return { outs: withSecrets(outs, news) };
    },
    async read(id: string, urn: string, props?: Properties) {
      const { schema, lifecycle } = resource(urn);
      // An import knows the id alone.
      const known = props && Object.keys(props).length > 0 ? plainProperties(props) : undefined;
      const found = await lifecycle.read(id, known);
      // Pulumi's protocol: a blank id says that the resource is gone.
      if (!found) return { id: "", props: {} };
      const outs = withSecrets(found.props, props ?? {});
      if (known) return { id: found.id, props: outs };
      const inputs = Object.fromEntries(Object.keys(schema.inputs).map((input) => [input, outs[input]]));
      return { id: found.id, props: outs, inputs: present(inputs) };
    },
    delete: (id: string, urn: string, props: Properties) => resource(urn).lifecycle.delete(id, plainProperties(props)),
  };
}

/** Outputs that are inputs stay as secret as these; Pulumi's engine leaves that to a provider. */
function withSecrets(outs: Properties, inputs: Properties): Properties {
  return keepSecret(present(outs), inputs) as Properties;
}

/** `urn:pulumi:dev::project::parent:type$bot-sign-in:index:BotHealth::health` -> `bot-sign-in:index:BotHealth` */
function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").pop() ?? "";
}

/** `urn:pulumi:dev::project::...` -> `dev` */
function stackOf(urn: string): string {
  return (urn.split("::")[0] ?? "").split(":").pop() ?? "";
}
