import { partName, type Run } from "./run";

/** What a person reads of a resource that failed. */
export interface Told {
  /** `Vault vault` */
  readonly resource: string;
  readonly error: string;
  /** The warning that names the fix; empty where the error does so itself. */
  readonly fix: string;
}

/** What a person reads of the resources that failed, by name. */
export function told({ events }: Run): Told[] {
  const diagnostics = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  return diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn)
    .map(({ urn = "", message }) => {
      const [, , types = "", name = ""] = urn.split("::");
      const type = types.split("$").at(-1) ?? "";
      const fixes = diagnostics.filter((other) => other.message.startsWith(`${name} (${type}): `));
      const words = fixes.map((fix) => fix.message.slice(`${name} (${type}): `.length).trim());
      return { resource: `${type.split(":").at(-1)} ${partName(name)}`, error: message.trim(), fix: words.join("\n") };
    })
    .sort((one, other) => (one.resource < other.resource ? -1 : 1));
}
