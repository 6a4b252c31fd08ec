import { isDeepStrictEqual } from "node:util";
import { type Paint, plain } from "../../cli/paint";
import { pageAddress } from "../../cli/page-address";
import { type Cost, costOf, dollars, estimateNote } from "./cost";
import { expiryText, healthText, meaningOf, type PreviewRow, rowOf } from "./list";
import { kindOf } from "../pulumi/type-name";
import { OpsError } from "../cli/ops-error";
import type { PreviewName } from "./preview-name";
import { outputsOf, PreviewStack } from "./preview-stack";
import type { PreviewProject } from "./project";
import { fullKeys } from "../pulumi/project";
import { readShared } from "./settings-file";

/** A setting with which a preview was deployed otherwise than the shared file says now. */
export interface Difference {
  readonly setting: string;
  /** Undefined where it is not set. */
  readonly deployed?: unknown;
  readonly shared?: unknown;
}

/** All that is known of one preview. */
export interface PreviewDetails extends PreviewRow {
  readonly settings: readonly Difference[];
  readonly connections: readonly string[];
  /** When each secret ends: ISO, UTC. */
  readonly secretsExpire: Readonly<Record<string, string>>;
  readonly resourceGroup?: string;
  /** How many resources of each kind there are: `{ Vault: 1 }`. */
  readonly resources: Readonly<Record<string, number>>;
  readonly cost: Cost;
}

const tagSettings = ["owner", "commit", "expires"];

/** Looks at one preview. Throws an {@link OpsError} `stack-unknown` where there is none. */
export async function show(project: PreviewProject, name: PreviewName): Promise<PreviewDetails> {
  const preview = await PreviewStack.find(project, name);
  if (!preview) {
    const fix = "Those that there are: npm run preview -- list";
    throw new OpsError("stack-unknown", `There is no preview ${name.title} (${name.stack})`, fix);
  }
  const [state, deployed, shared] = await Promise.all([
    preview.state(),
    preview.deployedSettings(),
    readShared(project.folder),
  ]);
  const resources = (state.deployment.resources ?? []).filter(
    ({ custom, type }) => custom && !type.startsWith("pulumi:"),
  );
  const { connections, secretsExpire, resourceGroup } = outputsOf(state) as Partial<PreviewDetails>;
  return {
    ...(await rowOf(project, preview, state)),
    settings:
      Object.keys(deployed).length > 0
        ? differences(deployed, fullKeys(project.project, shared.config), project.project)
        : [],
    connections: connections ?? [],
    secretsExpire: secretsExpire ?? {},
    ...(resourceGroup ? { resourceGroup } : {}),
    resources: counted(resources.map(({ type }) => kindOf(type))),
    cost: costOf(resources),
  };
}

/**
 * Which settings differ. Marks differ in every preview and are left out, encrypted values too.
 * @param deployed Pulumi's configuration: lists and objects as JSON
 */
export function differences(
  deployed: Readonly<Record<string, string>>,
  shared: Readonly<Record<string, unknown>>,
  project: string,
): Difference[] {
  const names = [...new Set([...Object.keys(deployed), ...Object.keys(shared)])].sort();
  return names.flatMap((key) => {
    const setting = key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
    const [is, was] = [deployed[key] === undefined ? undefined : valueOf(deployed[key]), shared[key]];
    const secret = typeof was === "object" && was !== null && "secure" in was;
    if (
      tagSettings.includes(setting) ||
      secret ||
      isDeepStrictEqual(is, typeof was === "string" ? valueOf(was) : was)
    ) {
      return [];
    }
    return [{ setting, ...(is === undefined ? {} : { deployed: is }), ...(was === undefined ? {} : { shared: was }) }];
  });
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([one], [other]) => one.localeCompare(other)));
}

/** The details as people read them. */
export function showText(details: PreviewDetails, now: Date, paint: Paint = plain): string {
  const { cost, settings, secretsExpire, resources } = details;
  const fields: (readonly [string, string | undefined])[] = [
    ["Stack", details.stack],
    ["Chat", details.chatAddress && pageAddress(details.chatAddress)],
    ["Health", paint(meaningOf(details.health), healthText(details.health))],
    ["Owner", details.owner],
    ["Commit", details.commit],
    ["Made", details.made],
    [
      "Expires",
      details.expires &&
        `${details.expires} (${paint(details.expired ? "warning" : "good", expiryText(details, now))})`,
    ],
    ["Resource group", details.resourceGroup],
    ["Connections", details.connections.join(", ") || undefined],
    ["Secrets end", [...new Set(Object.values(secretsExpire))].join(", ") || undefined],
    ["Resources", kindsText(resources)],
  ];
  return [
    paint("strong", `Preview ${details.name}`),
    ...fields.flatMap(([name, value]) => (value ? [`  ${`${name}:`.padEnd(16)}${value}`] : [])),
    ...(settings.length > 0 ? ["", paint("warning", "Deployed otherwise than Pulumi.preview.yaml says now:")] : []),
    ...settings.map(
      ({ setting, deployed, shared }) => `  ${setting}: ${shown(deployed)}; the file says ${shown(shared)}`,
    ),
    "",
    paint("strong", `Costs ${dollars(cost.monthly)} a month:`),
    ...cost.parts.map(({ what, monthly, counted }) => `  ${dollars(monthly).padStart(8)}  ${what} (${counted})`),
    ...cost.unknown.map((what) => `         ?  ${what} (not in the price list)`),
    estimateNote,
  ].join("\n");
}

function kindsText(resources: Readonly<Record<string, number>>): string | undefined {
  const counts = Object.entries(resources).map(([type, count]) => (count > 1 ? `${count} ${type}` : type));
  return counts.length > 0 ? counts.join(", ") : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
