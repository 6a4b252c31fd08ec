import * as pulumi from "@pulumi/pulumi";
import { inPlace, type TwoOf } from "../deployment/rotation";
import { endOfLife } from "../deployment/secret-life";
import type { RotationDate } from "../resources/rotation-date";

/** Which secrets are in use, and how long those of each place live. */
export class SecretRotation {
  /** Rotations that were begun. */
  readonly number: pulumi.Output<number>;
  /** Rotation whose password the connections hold. */
  readonly ofConnections: pulumi.Output<number>;
  /** When the secrets of each place began: another moment is another secret. */
  readonly began: TwoOf<pulumi.Output<string>>;
  /** When they end: ISO dates. */
  readonly ends: TwoOf<pulumi.Output<string>>;

  constructor(date: RotationDate, lifetimeDays: number) {
    this.number = date.rotation.apply((number) => number ?? 0);
    this.ofConnections = date.connections.apply((number) => number ?? 0);
    const other = pulumi.all([date.startedAt, date.otherStartedAt]).apply(([first, second]) => second ?? first);
    this.began = [date.startedAt, other];
    const end = (began: pulumi.Output<string>): pulumi.Output<string> =>
      began.apply((at) => endOfLife(at, lifetimeDays));
    this.ends = [end(this.began[0]), end(this.began[1])];
  }

  /** Of what there is in both places, what belongs to the newest rotation. */
  newest<T>(both: TwoOf<pulumi.Output<T>>): pulumi.Output<T> {
    return pick(this.number, both);
  }

  /** What belongs to the rotation before, which is good until the next one. */
  before<T>([first, second]: TwoOf<pulumi.Output<T>>): pulumi.Output<T> {
    return pick(this.number, [second, first]);
  }

  /** What belongs to the rotation that the connections are at. */
  used<T>(both: TwoOf<pulumi.Output<T>>): pulumi.Output<T> {
    return pick(this.ofConnections, both);
  }
}

function pick<T>(rotation: pulumi.Output<number>, both: TwoOf<pulumi.Output<T>>): pulumi.Output<T> {
  return pulumi
    .all([rotation, both[0] as pulumi.Output<unknown>, both[1] as pulumi.Output<unknown>])
    .apply(([number, first, second]) => inPlace(number, [first, second]) as T) as pulumi.Output<T>;
}
