import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface RotationDateArgs {
  /** Any text; another one rotates every secret. */
  readonly renewed: pulumi.Input<string>;
  /** The rotation that is asked for, see `infra/deployment/rotation.ts`; empty to keep what is. */
  readonly asked: pulumi.Input<string>;
}

/**
 * How often the secrets were rotated, and the moments from which their life counts. Both are kept in the stack's state, so
 * that end dates stand still and a rotation changes no file.
 */
export class RotationDate extends OwnResource {
  static override isInstance(resource: unknown): resource is RotationDate {
    return isOwn(resource, "RotationDate");
  }

  /** When the secrets of the first place began: ISO date and time in UTC, whole seconds. */
  declare readonly startedAt: pulumi.Output<string>;
  /** The same of the second place; undefined in the state of a version that knew no rotations, as are the two below. */
  declare readonly otherStartedAt: pulumi.Output<string | undefined>;
  /** Rotations that were begun. */
  declare readonly rotation: pulumi.Output<number | undefined>;
  /** Rotation whose password the connections hold. */
  declare readonly connections: pulumi.Output<number | undefined>;

  constructor(name: string, args: RotationDateArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { startedAt: undefined, otherStartedAt: undefined, rotation: undefined, connections: undefined };
    super("RotationDate", name, { ...args, ...outputs }, opts);
  }
}
