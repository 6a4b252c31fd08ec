/** One step of the engine's plan, as the CLI writes it into its event log. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
}

/** A line of the CLI's event log; the kinds that tests look at. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
  readonly diagnosticEvent?: { readonly message: string; readonly severity: string; readonly urn?: string };
}

/** The name of a part of the program's component, without the component's own in front. */
export function partName(name: string): string {
  return name.replace(/^bot-sign-in-/, "");
}

/** What one run of the CLI did. */
export class Run {
  constructor(
    readonly code: number,
    /** Standard output and standard error as they came. */
    readonly text: string,
    readonly events: readonly EngineEvent[],
  ) {}

  /** How many resources met which fate: `{ same: 46 }`. */
  get changes(): Readonly<Record<string, number>> {
    return this.events.findLast((event) => event.summaryEvent)?.summaryEvent?.resourceChanges ?? {};
  }

  /** Everything but `same`, in the engine's order: `update azure-native:botservice:Bot bot`. */
  get plan(): string[] {
    return this.events
      .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => {
        const [, , types = "", ...name] = urn.split("::");
        return `${op} ${types.split("$").at(-1)} ${partName(name.join("::"))}`;
      });
  }

  /**
   * What happens to resources, in the order of a plan that the engine may vary: `update Bot bot`, `replace ...` (in the
   * order in which the old one goes: `replace, new first` or `replace, old first`), sorted by name.
   */
  get effects(): string[] {
    const steps = this.events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
    const at = (op: string, urn: string): number => steps.findIndex((step) => step.op === op && step.urn === urn);
    return steps
      .filter(
        ({ op, urn }) => ["create", "update", "delete", "replace"].includes(op) && !urn.includes("pulumi:providers:"),
      )
      .map(({ op, urn }) => {
        const [, , types = "", ...name] = urn.split("::");
        const oldFirst = at("delete-replaced", urn) < at("create-replacement", urn);
        const what = op === "replace" ? `replace, ${oldFirst ? "old" : "new"} first:` : op;
        return `${what} ${types.split(/[$:]/).at(-1)} ${partName(name.join("::"))}`;
      })
      .sort();
  }

  /** Warnings and errors of the program and its plugins. */
  get complaints(): string[] {
    return this.events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent && /^(warning|error)$/.test(diagnosticEvent.severity) ? [diagnosticEvent.message] : [],
    );
  }
}
