import type { LocalAzure } from "../azure/azure";
import { FaultInvalid, type ActiveFault } from "../door/faults";
import { knownFaults, type KnownFault } from "../door/known-faults";
import { parseFault, type Wanted } from "../door/fault-text";

/** What the panel of faults shows. */
export interface FaultState {
  readonly active: readonly ActiveFault[];
  readonly known: readonly KnownFault[];
  /** Services that a fault can be of. */
  readonly services: readonly string[];
  /** The local Azure's time, ISO. */
  readonly now: string;
  /** Milliseconds by which it is ahead of this machine's. */
  readonly ahead: number;
}

export function faultState({ faults, hosts, clock }: LocalAzure): FaultState {
  const services = [...new Set(hosts.rows().map(({ service }) => service))];
  return { active: faults.list(), known: knownFaults, services, now: clock.now().toISOString(), ahead: clock.ahead };
}

/**
 * The fault that a person wrote.
 * @throws FaultInvalid
 */
export function faultNamed(azure: LocalAzure, text: string): Wanted {
  return parseFault(text, faultState(azure).services);
}

/** Switches a fault on, or moves the clock. */
export async function switchOn(azure: LocalAzure, wanted: Wanted): Promise<void> {
  if ("clockAhead" in wanted) await azure.moveClock(wanted.clockAhead);
  else azure.faults.switchOn(wanted.fault);
}

/** `POST /faults/on`, `/faults/off`, `/faults/clock-back`: what the panel's buttons send. Gives the new state. */
export async function changeFaults(azure: LocalAzure, action: string, body: unknown): Promise<Response> {
  const { fault, id } = (body ?? {}) as { fault?: unknown; id?: unknown };
  try {
    if (action === "on") await switchOn(azure, faultNamed(azure, String(fault ?? "")));
    else if (action === "off") azure.faults.switchOff(typeof id === "number" ? id : undefined);
    else if (action === "clock-back") {
      if (azure.clock.ahead !== 0) await azure.moveClock(-azure.clock.ahead);
    } else return new Response(null, { status: 404 });
  } catch (error) {
    if (!(error instanceof FaultInvalid)) throw error;
    return Response.json({ code: error.code, message: error.message }, { status: 400 });
  }
  return Response.json(faultState(azure));
}
