import type { LocalAzure } from "../../../local/azure/azure";
import type { Service } from "../../../local/azure/hosted-service";

/** Names of fields whose value is a secret, in the answers and requests of every service. */
const secretField =
  /^(secretText|access_token|refresh_token|id_token|client_secret|client_assertion|clientSecret|key2?|primarySharedKey|secondarySharedKey|publishingPassword|token)$/;
/** Where `value` is one: a secret written to or read from a vault, and the keys of a storage account. */
const secretValues = /\/secrets\/|\/listKeys/i;

/** Every secret value that a local Azure gave out or was given, from the moment of watching on. */
export class IssuedSecrets {
  readonly #values = new Map<string, string>();

  /** Listens behind the door, where nothing is redacted. */
  static watch(azure: LocalAzure): IssuedSecrets {
    const secrets = new IssuedSecrets();
    secrets.#add("the deployer's own", azure.tenant.deployer.clientSecret);
    const hosts = azure.hosts.rows().map(({ host }) => host.replace("*", "any"));
    const services = new Set(hosts.flatMap((host) => azure.hosts.find(host) ?? []));
    for (const service of services) secrets.#listen(service);
    return secrets;
  }

  /** The secrets by value, each with where it was seen first. */
  get values(): ReadonlyMap<string, string> {
    return this.#values;
  }

  /** Where those secrets come from that a text holds in clear, base64 or percent-encoded. */
  foundIn(text: string): string[] {
    return [...this.#values]
      .filter(([value]) =>
        [value, Buffer.from(value).toString("base64").replace(/=+$/, ""), encodeURIComponent(value)].some((form) =>
          text.includes(form),
        ),
      )
      .map(([, where]) => where);
  }

  #listen(service: Service): void {
    const handle = service.handle.bind(service);
    service.handle = async (request) => {
      const url = new URL(request.url);
      const asked = request.body ? await request.clone().text() : "";
      const answer = await handle(request);
      const answered = /json/.test(answer.headers.get("content-type") ?? "") ? await answer.clone().text() : "";
      for (const text of [asked, answered]) this.#read(text, url.host + url.pathname);
      return answer;
    };
  }

  #read(text: string, where: string): void {
    if (!text) return;
    try {
      this.#walk(JSON.parse(text), where);
    } catch {
      for (const [name, value] of new URLSearchParams(text)) if (secretField.test(name)) this.#add(where, value);
    }
  }

  #walk(value: unknown, where: string): void {
    if (Array.isArray(value)) return value.forEach((entry) => this.#walk(entry, where));
    if (typeof value !== "object" || value === null) return;
    for (const [name, entry] of Object.entries(value)) {
      // A connection's parameter has its name there.
      if (name === "key" && "value" in value) continue;
      const isSecret = secretField.test(name) || (name === "value" && secretValues.test(where));
      if (typeof entry === "string" && isSecret) this.#add(`${name} of ${where}`, entry);
      else this.#walk(entry, where);
    }
  }

  #add(where: string, value: string): void {
    // Shorter ones are no secrets (the name of a connection's parameter), nor is the date of a storage account's key.
    if (value.length >= 24 && !/^\d{4}-\d\d-\d\dT/.test(value) && !this.#values.has(value))
      this.#values.set(value, where);
  }
}
