import type { EngineEvent } from "@pulumi/pulumi/automation";
import { pageAddressesIn } from "../../cli/page-address";
import { kindOf } from "./type-name";

/** Where a command tells how far it is. */
export interface Progress {
  /** A line that stays. */
  say(line: string): void;
  /** What the engine does. */
  event(event: EngineEvent): void;
  /** Takes the line of a terminal away that was being rewritten. */
  end(): void;
}

const words: Readonly<Record<string, readonly [during: string, after: string]>> = {
  create: ["making", "made"],
  "create-replacement": ["making", "made"],
  update: ["changing", "changed"],
  delete: ["deleting", "deleted"],
  "delete-replaced": ["deleting", "deleted"],
  read: ["reading", "read"],
};

/**
 * On a terminal one line, rewritten: how many resources are done, and what is under way. Elsewhere a line for each
 * resource that is done. Lines of a CI log would otherwise hold the same count a hundred times.
 */
export function progressOn(
  stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">,
  clock: () => number = () => performance.now(),
): Progress {
  const began = clock();
  const underWay = new Map<string, { readonly name: string; readonly during: string; readonly since: number }>();
  let done = 0;
  const clear = (): void => void (stream.isTTY && stream.write("\r\u001b[2K"));
  const say = (line: string): void => {
    clear();
    stream.write(`${line}\n`);
  };
  const draw = (): void => {
    if (!stream.isTTY) return;
    const names = [...underWay.values()].map(({ during, name }) => `${during} ${name}`).join(", ");
    const line = `${done} done in ${seconds(clock() - began)}${names ? `; ${names}` : ""}`;
    stream.write(`\r\u001b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  return {
    say,
    end: clear,
    event({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }) {
      const { op = "", urn = "" } = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata ?? {};
      const [during, after] = words[op] ?? [];
      if (during && after && isReal(urn)) {
        if (resourcePreEvent) underWay.set(urn, { name: nameOf(urn), during, since: clock() });
        else {
          const { since = clock() } = underWay.get(urn) ?? {};
          underWay.delete(urn);
          if (resOutputsEvent) {
            done++;
            if (!stream.isTTY) say(`${after} ${nameOf(urn)} (${seconds(clock() - since)})`);
          }
        }
        draw();
      }
      const { severity, message = "" } = diagnosticEvent ?? {};
      if (severity === "warning") say(`warning: ${pageAddressesIn(message.trim())}`);
    },
  };
}

/** Milliseconds as `12 s`, below ten seconds `3.2 s`. */
function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/** Not the stack itself, nor a component or provider, which are nothing in Azure. */
function isReal(urn: string): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return (
    type !== "pulumi:pulumi:Stack" &&
    !type.startsWith("pulumi:providers:") &&
    type.split(":").length > 2 &&
    !/^bot-sign-in:/.test(type)
  );
}

/** `Vault vault` */
function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${kindOf(types.split("$").at(-1) ?? "")} ${name.join("::")}`;
}
