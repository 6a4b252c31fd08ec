import { type Access, deployerAccess } from "../azure/access";
import { lookAhead, type Look, type Meeting } from "../azure/preconditions";
import { otherClouds, publicCloudOnly } from "../facts/cloud";
import { type CheckFailure, difference, known, type Lifecycle, notImported } from "./lifecycle";
import { type ResourceSchema, text, textMap, texts } from "./schema";

type Texts = Readonly<Record<string, string>>;

export interface Inputs {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly location: string;
  readonly hostingSize: string;
  readonly resourceGroupName: string;
  readonly marks: Texts;
  readonly existing: Texts;
  readonly redirectAddress: string;
  readonly permissions: Texts;
  readonly names: Texts;
  readonly openSecrets: readonly string[];
}

export const preconditionsSchema: ResourceSchema<Inputs, Inputs> = {
  description:
    "What has to hold before anything is written: it refuses, in preview already, what Azure would refuse later.",
  inputs: {
    subscriptionId: text("Id of the subscription that is deployed to."),
    tenantId: text("Id of the tenant."),
    location: text("Azure region of everything that lives in one."),
    hostingSize: text("Size of the App Service plan."),
    resourceGroupName: text("Name of the resource group, made or handed in."),
    marks: textMap("Tags by which the stack's own resources are known."),
    existing: textMap("Names and ids of what was handed in, by its kind."),
    redirectAddress: text("Where the Token Service takes users back after their sign-in."),
    permissions: textMap("Ids of the delegated permissions, by what they are called."),
    names: textMap("Names that nobody else in the world may have, by what bears them."),
    openSecrets: texts("Names of app settings that are secret and were not given as such."),
  },
  outputs: {},
};

const content = Object.keys(preconditionsSchema.inputs) as (keyof Inputs & string)[];

/** Lives in the state alone. All that the component makes in Azure depends on it, so that nothing is written before it. */
export function preconditions(
  access: () => Access = deployerAccess,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Lifecycle<Inputs, Inputs> {
  return {
    async check(olds, news) {
      const said = otherClouds({}, environment);
      // Nothing is asked of a cloud that is not served.
      if (said.length > 0) {
        return said.map(({ source, said }) => ({
          property: "subscriptionId",
          reason: `${source} says ${said}. ${publicCloudOnly} Fix: unset ${source}`,
        }));
      }
      const looks = await lookAhead(access(), meetingOf(olds, news));
      return [...looks.flatMap(failureOf), ...openSecrets(news)];
    },
    diff: async (_id, olds, news) => difference<Inputs>(olds, news, [], content),
    create: async (inputs) => ({ id: "preconditions", outs: inputs }),
    update: async (_id, _olds, news) => ({ outs: news }),
    async read(id, props) {
      if (!props) throw notImported("The record of the preconditions");
      return { id, props };
    },
    delete: async () => {},
  };
}

function openSecrets({ openSecrets: names }: Inputs): CheckFailure[] {
  if (!known(names)) return [];
  return names.map((name) => ({
    property: "openSecrets",
    reason: `The app setting ${name} is a secret. Give it in secretAppSettings: it is kept in the vault, and the web app gets a reference.`,
  }));
}

function failureOf({ setting, what, state, obstacle }: Look): CheckFailure[] {
  if (state !== "unfit" || !obstacle) return [];
  // The setting is none of this resource's inputs: under an input's name Pulumi would put a value before the words.
  return [{ property: "", reason: `${setting}: ${what}: ${obstacle.found}. ${obstacle.fix}` }];
}

/** What is known of the inputs. A group that this very resource has seen before is the stack's own. */
function meetingOf(olds: Partial<Inputs>, news: Inputs): Meeting {
  const all = Object.fromEntries(Object.entries(news).filter(([, value]) => known(value))) as Partial<Inputs>;
  const part = (texts: Texts | undefined): Texts =>
    Object.fromEntries(Object.entries(texts ?? {}).filter(([, value]) => typeof value === "string" && known(value)));
  const { subscriptionId, tenantId, location, hostingSize = "", resourceGroupName, redirectAddress = "" } = all;
  const existing = part(all.existing);
  const makesGroup = existing["resourceGroup"] === undefined && olds.resourceGroupName !== resourceGroupName;
  return {
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(location === undefined ? {} : { location }),
    ...(resourceGroupName === undefined ? {} : { resourceGroup: resourceGroupName }),
    ...(makesGroup && resourceGroupName !== undefined && !holdsLater(news.existing)
      ? { ownGroup: resourceGroupName }
      : {}),
    hostingSize,
    redirectAddress,
    existing,
    marks: part(all.marks),
    permissions: part(all.permissions),
    names: part(all.names),
  };
}

/** Whether the group may be one that is handed in and not known yet. */
function holdsLater(existing: Texts): boolean {
  return !known(existing) || ("resourceGroup" in existing && !known(existing["resourceGroup"]));
}
