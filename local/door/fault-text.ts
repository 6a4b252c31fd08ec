import { day, hour, minute } from "../../contract/time";
import { FaultInvalid, type Fault } from "./faults";
import { knownFaults } from "./known-faults";

/** What `--fault` or the page asks for: a fault of a service, or another time. */
export type Wanted = { readonly fault: Fault } | { readonly clockAhead: number };

const units: Readonly<Record<string, number>> = { m: minute, h: hour, d: day };

/** How `--fault` is written, for usage texts. */
export const faultUsage = `  latency:<service>:<milliseconds>[-<at most>]   e.g. latency:graph:3000, latency:graph:200-3000
  refuse:<service>:<status>[:<code>]             e.g. refuse:graph:403:ErrorAccessDenied@/me/mailFolders
  cut:<service>                                  the answer is lost, e.g. cut:graph@/me/sendMail
  truncate:<service>                             the answer breaks off in its middle
  clock:<time ahead>                             e.g. clock:1d, clock:2h, clock:200d
  a name: ${knownFaults.map(({ name }) => name).join(", ")}
Each but the last two may go on with
  @<part of path>                                only calls whose path contains it
  %<percent>[#<seed>]                            so many of a hundred calls; the same seed meets the same ones again
and begin with refuse-once, cut-once, truncate-once: for one call.`;

const written =
  /^(?<kind>latency|refuse|cut|truncate)(?<once>-once)?:(?<service>[^:@%]+)(?::(?<what>[^@%]+))?(?:@(?<path>.+?))?(?:%(?<percent>\d+)(?:#(?<seed>\d+))?)?$/;

/**
 * Reads a fault as a person writes it.
 * @param services the local Azure's services by name; a short form (`graph`, `entra`, `key-vault`) is enough
 * @throws FaultInvalid which names what is allowed
 */
export function parseFault(text: string, services: readonly string[]): Wanted {
  const known = knownFaults.find(({ name }) => name === text);
  if (known) return { fault: known.fault };
  if (text.startsWith("clock:")) return { clockAhead: duration(text.slice("clock:".length), text) };
  const parts = written.exec(text)?.groups;
  if (!parts) throw new FaultInvalid(text, `Faults are written:\n${faultUsage}`);
  const {
    kind,
    once,
    what = "",
    path,
    percent,
    seed,
  } = parts as { kind: string; service: string; what?: string } & {
    once?: string;
    path?: string;
    percent?: string;
    seed?: string;
  };
  const calls = {
    service: serviceNamed(parts["service"] as string, services, text),
    ...(path && { path }),
    ...(once && { once: true }),
    ...(percent && { percent: Number(percent) }),
    ...(seed && { seed: Number(seed) }),
  };
  switch (kind) {
    case "latency": {
      const [, least, most] = /^(\d+)(?:-(\d+))?$/.exec(what) ?? [];
      if (!least) throw new FaultInvalid(text, "A latency is written latency:<service>:<milliseconds>.");
      return { fault: { kind, ...calls, milliseconds: Number(least), ...(most && { most: Number(most) }) } };
    }
    case "refuse": {
      const [, status, code] = /^(\d{3})(?::(.+))?$/.exec(what) ?? [];
      if (!status) throw new FaultInvalid(text, `Faults are written:\n${faultUsage}`);
      return { fault: { kind: "refusal", ...calls, status: Number(status), code: code ?? codeOf(Number(status)) } };
    }
    default:
      return { fault: { kind: kind === "cut" ? "cut" : "truncation", ...calls } };
  }
}

function duration(text: string, whole: string): number {
  const match = /^\+?(\d+(?:\.\d+)?)([mhd])$/.exec(text);
  if (!match) throw new FaultInvalid(whole, "A time ahead is written 30m, 2h or 1d.");
  return Number(match[1]) * (units[match[2] as string] as number);
}

const short = (name: string): string => name.toLowerCase().replaceAll(" ", "-");

function serviceNamed(text: string, services: readonly string[], whole: string): string {
  const wanted = short(text);
  const found =
    services.find((name) => short(name) === wanted) ??
    services.find((name) => wanted && short(name).split("-").includes(wanted));
  if (found) return found;
  throw new FaultInvalid(whole, `The local Azure's services are ${services.map(short).join(", ")}.`);
}

/** The code that goes with a status where a person names none. */
function codeOf(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
  };
  return codes[status] ?? "ServiceError";
}
