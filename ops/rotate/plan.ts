import { askingText } from "../../infra/deployment/rotation";
import type { ComponentRotation } from "../pulumi/stack-secrets";

/** One run of `pulumi up`, and what it is told of the rotation. */
export interface Step {
  /** The setting `secretsRotation` of this run. */
  readonly asked: string;
  /** What it does, as a person reads it. */
  readonly does: string;
  /** Ids of connections that are replaced in it. */
  readonly replaces: readonly string[];
}

export interface RotationPlan {
  /** The rotation that is there afterwards. */
  readonly number: number;
  /** Whether an earlier run had begun it. */
  readonly goesOn: boolean;
  readonly steps: readonly Step[];
  /** What people who use the bot notice. */
  readonly noticed: readonly string[];
}

/**
 * What is to be done from here. A rotation that was begun and is not done is gone on with, whoever began it: another one would
 * delete what is in use.
 * @param components of the stack, at least one
 */
export function planOf(components: readonly ComponentRotation[]): RotationPlan {
  const unfinished = components.filter(
    ({ number, connections, running }) => connections < number || (running !== undefined && running < number),
  );
  const goesOn = unfinished.length > 0;
  const number = Math.max(...(goesOn ? unfinished : components).map((one) => one.number)) + (goesOn ? 0 : 1);
  const replaces = components.flatMap(({ withPassword }) => withPassword);
  const makes = "makes the secrets anew that were not in use, proves each password, and has the bot use them";
  const removes = number > 1 ? `; those of rotation ${number - 2} end` : "";
  if (replaces.length === 0) {
    const asked = askingText({ number, done: true });
    return { number, goesOn, steps: [{ asked, does: makes + removes, replaces }], noticed: [nothing] };
  }
  const begins = { asked: askingText({ number, done: false }), does: makes + removes, replaces: [] };
  const names = replaces.map(nameOf).join(", ");
  const ends = {
    asked: askingText({ number, done: true }),
    does: `waits for a quiet minute, then makes ${names} anew with the password that was proved`,
    replaces,
  };
  return {
    number,
    goesOn,
    steps: [begins, ends],
    noticed: [
      `Everybody who is signed in through ${names} signs in again.`,
      "Between the old connection and the new one, some seconds, every sign-in through it fails. How long it was is measured.",
      "Chats go on. Without a client secret (the setting secretless) nobody would notice anything.",
    ],
  };
}

const nothing = "Nothing: no connection has a client secret, chats and sessions go on.";

/** The plan as lines for the terminal. */
export function planLines(stack: string, { number, goesOn, steps, noticed }: RotationPlan): string[] {
  return [
    `${stack}: rotation ${number}${goesOn ? ", which was begun and is not done" : ""}.`,
    ...steps.map(({ does }, at) => `  ${at + 1}. ${does}`),
    "Users notice:",
    ...noticed.map((line) => `  - ${line}`),
  ];
}

/** `.../connections/GraphConnection` -> `GraphConnection` */
export function nameOf(connectionId: string): string {
  return connectionId.split("/").at(-1)!;
}
