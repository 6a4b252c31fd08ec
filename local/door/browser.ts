import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Dispatch } from "./dispatch";
import { ConnectionCut } from "./faults";
import { HostNotServed, type HostTable } from "./host-table";
import { LocalhostForm } from "./localhost-form";
import { send, toRequest } from "./node-http";
import { listen, refuseUpgrade } from "./proxy";

export interface BrowserDoor {
  readonly form: LocalhostForm;
  close(): Promise<void>;
}

/** Pages of the local Azure itself, below no host: `/` and what belongs to it. */
export type OwnPages = (request: Request) => Promise<Response | undefined> | Response | undefined;

/** The port is in use. */
class PortTaken extends Error {
  override readonly name = "PortTaken";
  readonly code = "port-taken";

  constructor(readonly port: number) {
    super(
      `Port ${port} is taken by another program. Stop that program, or choose another: PORT=${port + 10} npm start`,
    );
  }
}

/**
 * Serves every host as `http://localhost:<port>/<host>/...` for browsers, on loopback only.
 * @param port 0 chooses a free one
 * @throws PortTaken
 */
export async function openBrowserDoor(
  port: number,
  hosts: HostTable,
  dispatch: Dispatch,
  ownPages: OwnPages,
): Promise<BrowserDoor> {
  let form = new LocalhostForm(port, hosts);
  let names = new Set<string>();

  const answer = async (message: IncomingMessage): Promise<Response> => {
    // Another name for this address is a foreign page that had its own name point here.
    if (!names.has(message.headers.host ?? "")) return text(421, `Open http://localhost:${form.port}/ instead.`);
    const path = message.url ?? "/";
    const address = form.realAddress(path);
    if (!address) {
      // A page of the other name would be another origin than the addresses in it.
      if (path === "/" && message.headers.host !== `localhost:${form.port}`) {
        return new Response(null, { status: 307, headers: { location: `http://localhost:${form.port}/` } });
      }
      const own = await ownPages(await toRequest(message, `http://localhost:${form.port}${path}`));
      return own ?? text(404, new HostNotServed(path.split(/[/?]/)[1] ?? "").message);
    }
    const plain = await toRequest(message, address);
    const request = new Request(plain, { headers: form.requestHeaders(plain.headers, address) });
    return form.response(await dispatch.answer(request, "browser"), address);
  };

  const server = createServer(async (message, to) => {
    try {
      send(await answer(message), to);
    } catch (error) {
      if (error instanceof ConnectionCut) return void to.destroy();
      send(text(400, error instanceof Error ? error.message : String(error)), to);
    }
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", async (message, socket: Socket, head) => {
    socket.on("error", () => socket.destroy());
    try {
      const address = names.has(message.headers.host ?? "") ? form.realAddress(message.url ?? "/") : undefined;
      const plain = address && (await toRequest(message, address));
      if (!plain || !address) return refuseUpgrade(socket);
      const request = new Request(plain, { headers: form.requestHeaders(plain.headers, address) });
      const taken = await hosts.find(new URL(address).hostname)?.upgrade?.(request);
      if (typeof taken !== "function") return refuseUpgrade(socket, taken);
      sockets.handleUpgrade(message, socket, head, (webSocket) => taken(rewriting(webSocket, form)));
    } catch {
      refuseUpgrade(socket);
    }
  });
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  try {
    await listen(server, port);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EADDRINUSE" ? new PortTaken(port) : error;
  }
  const listening = (server.address() as AddressInfo).port;
  form = new LocalhostForm(listening, hosts);
  names = new Set([`localhost:${listening}`, `127.0.0.1:${listening}`]);
  return {
    form,
    close: async () => {
      sockets.close();
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A WebSocket whose outgoing frames carry addresses in their localhost form. */
function rewriting(socket: WebSocket, form: LocalhostForm): WebSocket {
  const sendAsItIs = socket.send.bind(socket) as (data: unknown, ...rest: unknown[]) => void;
  socket.send = ((data: unknown, ...rest: unknown[]) =>
    sendAsItIs(typeof data === "string" ? form.json(data) : data, ...rest)) as WebSocket["send"];
  return socket;
}

function text(status: number, message: string): Response {
  return new Response(`${message}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
