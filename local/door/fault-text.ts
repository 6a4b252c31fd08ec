import { FaultInvalid, type Fault } from "./faults";
import { knownFaults } from "./known-faults";

/** What `--fault` or the page asks for: a fault of a service, or another time. */
export type Wanted = { readonly fault: Fault } | { readonly clockAhead: number };

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How `--fault` is written, for usage texts. */
export const faultUsage = `  latency:<service>:<milliseconds>               e.g. latency:graph:3000
  refuse:<service>:<status>[:<code>][@<part of path>]      e.g. refuse:graph:403:ErrorAccessDenied@/me/mailFolders
  refuse-once:...                                the same, for one call
  cut:<service>[@<part of path>]                 the answer is lost, e.g. cut:graph@/me/sendMail
  cut-once:...                                   the same, for one call
  clock:<time ahead>                             e.g. clock:1d, clock:2h, clock:200d
  a name: ${knownFaults.map(({ name }) => name).join(", ")}`;

/**
 * Reads a fault as a person writes it.
 * @param services the local Azure's services by name; a short form (`graph`, `entra`, `key-vault`) is enough
 * @throws FaultInvalid which names what is allowed
 */
export function parseFault(text: string, services: readonly string[]): Wanted {
  const known = knownFaults.find(({ name }) => name === text);
  if (known) return { fault: known.fault };
  const [kind = "", ...rest] = text.split(":");
  if (kind === "clock") return { clockAhead: duration(rest.join(":"), text) };
  if (!/^(latency|refuse|refuse-once|cut|cut-once)$/.test(kind))
    throw new FaultInvalid(text, `Faults are written:\n${faultUsage}`);
  const [named = "", part] = kind.startsWith("cut") ? (rest[0] ?? "").split("@") : [rest[0]];
  const service = serviceNamed(named, services, text);
  if (kind.startsWith("cut")) {
    return { fault: { kind: "cut", service, ...(part && { path: part }), ...(kind === "cut-once" && { once: true }) } };
  }
  if (kind === "latency") {
    const milliseconds = Number(rest[1]);
    if (!(milliseconds > 0)) throw new FaultInvalid(text, "A latency is written latency:<service>:<milliseconds>.");
    return { fault: { kind: "latency", service, milliseconds } };
  }
  const match = /^(\d{3})(?::([^@]+))?(?:@(.+))?$/.exec(rest.slice(1).join(":"));
  if (!match) throw new FaultInvalid(text, `Faults are written:\n${faultUsage}`);
  const [, status, code, path] = match;
  return {
    fault: {
      kind: "refusal",
      service,
      status: Number(status),
      code: code ?? codeOf(Number(status)),
      ...(path && { path }),
      ...(kind === "refuse-once" && { once: true }),
    },
  };
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
export function codeOf(status: number): string {
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
