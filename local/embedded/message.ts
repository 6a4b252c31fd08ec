/** Something that happened while the program ran. */
export interface ProgramEvent {
  readonly kind: "creating" | "created" | "failed" | "warning" | "note";
  /** Pulumi's type of the resource: `azure-native:web:WebApp` */
  readonly type?: string;
  /** The name that the program gave it. */
  readonly name?: string;
  /** How long its creation took. */
  readonly milliseconds?: number;
  readonly message?: string;
}

/** What the parent asks of the child. Sent over the IPC channel, because settings may be secret. */
export interface Job {
  readonly root: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** Of `config` those that are secret. */
  readonly secrets: readonly string[];
}

/** What the child tells the parent. */
export type Report =
  | { readonly event: ProgramEvent }
  | { readonly done: { readonly outputs: Record<string, unknown>; readonly resources: number } }
  | { readonly failed: { readonly message: string; readonly type?: string; readonly name?: string } };
