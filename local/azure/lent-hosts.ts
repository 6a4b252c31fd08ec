import { CommandError } from "../command-error";
import { hopByHop } from "../door/node-http";
import type { Service } from "./hosted-service";

/** A host that somebody lends to the local Azure: apps reach it by its real name, and it is served from this machine. */
export interface LentHost {
  readonly name: string;
  /** `http://localhost:<port>`. */
  readonly origin: string;
}

/** What belongs to one connection only, and what fetch says anew. */
const ofConnection = [...hopByHop, "content-length", "host"];

/**
 * Reads `<name>=http://localhost:<port>`, as `--host` takes it. Only this machine is lent: nothing that is deployed here may
 * reach another.
 * Throws a CommandError saying what is wrong.
 */
export function lentHost(text: string): LentHost {
  const [, name = "", address = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const url = URL.parse(address);
  const loopback = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (
    !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(name) ||
    !loopback ||
    url.pathname !== "/" ||
    url.search !== ""
  ) {
    throw new CommandError(
      "wrong-option",
      `--host is "${text}". Allowed: a host name and an address of this machine, for example api.contoso.com=http://localhost:3000`,
    );
  }
  return { name: name.toLowerCase(), origin: url.origin };
}

/**
 * The hosts that are lent, in front of all others.
 * @param served whether one of the local Azure's own services answers for a name
 * Throws a CommandError for a name that is served already, or lent twice.
 */
export function lentHosts(lent: readonly LentHost[], served: (name: string) => boolean): Service[] {
  return lent.map(({ name, origin }, at) => {
    if (served(name))
      throw new CommandError("wrong-option", `--host ${name}: the local Azure serves this host itself.`);
    if (lent.findIndex((one) => one.name === name) < at)
      throw new CommandError("wrong-option", `--host ${name} is lent twice.`);
    return { name: `${name} at ${origin}`, hosts: [name], handle: (request) => handOn(request, origin) };
  });
}

async function handOn(request: Request, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const header of ofConnection) headers.delete(header);
  headers.set("x-forwarded-host", new URL(request.url).host);
  headers.set("x-forwarded-proto", "https");
  const body = request.body ? await request.arrayBuffer() : undefined;
  try {
    const answer = await fetch(origin + pathname + search, {
      method: request.method,
      headers,
      redirect: "manual",
      ...(body && { body }),
    });
    const passed = new Headers(answer.headers);
    // fetch has unpacked the body.
    for (const header of [...ofConnection, "content-encoding"]) passed.delete(header);
    return new Response(answer.body, { status: answer.status, headers: passed });
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return new Response(`${origin}, which is lent to the local Azure, does not answer: ${why}\n`, {
      status: 502,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
}
