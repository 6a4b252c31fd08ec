import type { Service } from "../azure/hosted-service";

/** Which service answers for which host name. */
export class HostTable {
  constructor(private readonly services: readonly Service[]) {}

  /** The service that answers for a host, by the first matching row; undefined where none does. */
  find(host: string): Service | undefined {
    const name = host.toLowerCase();
    return this.services.find((service) => service.hosts.some((row) => matches(row, name)));
  }

  /** Every row, for the README's table and for refusals: host pattern and service name. */
  rows(): { host: string; service: string }[] {
    return this.services.flatMap((service) => service.hosts.map((host) => ({ host, service: service.name })));
  }

  /** Where people end the sign-ins of their browser: what the service is called, and the address. */
  signOuts(): { name: string; address: string }[] {
    return this.services.flatMap(({ name, hosts: [host], signOut }) =>
      host && signOut ? [{ name, address: `https://${host}${signOut}` }] : [],
    );
  }

  /** Services that say what they serve by path. */
  paths(): { service: string; hosts: readonly string[]; paths: readonly string[] }[] {
    return this.services.flatMap(({ name, hosts, paths }) => (paths ? [{ service: name, hosts, paths }] : []));
  }

  /** Services that say what they lack of what they serve. */
  gaps(): { service: string; lacks: readonly string[] }[] {
    return this.services.flatMap(({ name, lacks }) => (lacks ? [{ service: name, lacks }] : []));
  }
}

function matches(row: string, host: string): boolean {
  return row.startsWith("*.") ? host.endsWith(row.slice(1)) : row === host;
}

/** A host that the local Azure does not serve. Nothing is ever sent on to the real one. */
export class HostNotServed extends Error {
  override readonly name = "HostNotServed";
  readonly code = "host-not-served";

  constructor(readonly host: string) {
    super(
      `The local Azure does not serve ${host}, and sends nothing to the real one. ` +
        `docs/local-azure.md lists the hosts that it serves.`,
    );
  }
}
