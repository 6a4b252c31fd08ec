import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { CertificateAuthority } from "./certificates";
import type { Dispatch } from "./dispatch";
import { ConnectionCut } from "./faults";
import { HostNotServed, type HostTable } from "./host-table";
import { send, toRequest } from "./node-http";

const httpsOnly =
  "The local Azure is reached by CONNECT: point HTTPS_PROXY at it and ask for https addresses. Of plain http only the " +
  "hosts of web apps are served.";

export interface Proxy {
  /** `http://127.0.0.1:<port>`: the value of HTTPS_PROXY. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a CONNECT proxy on loopback. It ends TLS itself, with a certificate for the very name asked for, and answers
 * by host name. A name that the local Azure does not serve is refused by name; nothing leaves the machine.
 * @param caller how the trace names who comes through this proxy
 */
export async function openProxy(
  caller: string,
  hosts: HostTable,
  authority: CertificateAuthority,
  dispatch: Dispatch,
  log: (line: string) => void,
  port = 0,
): Promise<Proxy> {
  const inner = createTlsServer({
    SNICallback: (name, done) => {
      authority.contextFor(name).then(
        (context) => done(null, context),
        (error: Error) => done(error),
      );
    },
  });
  inner.on("request", async (message, answer) => {
    try {
      const request = await toRequest(message, `https://${message.headers.host}${message.url}`);
      send(await dispatch.answer(request, caller), answer);
    } catch (error) {
      if (error instanceof ConnectionCut) return void answer.destroy();
      answer.writeHead(400, { "content-type": "text/plain" }).end(error instanceof Error ? error.message : "");
    }
  });
  const sockets = new WebSocketServer({ noServer: true });
  inner.on("upgrade", async (message, socket: Socket, head) => {
    try {
      const request = await toRequest(message, `https://${message.headers.host}${message.url}`);
      const taken = await hosts.find(new URL(request.url).hostname)?.upgrade?.(request);
      if (typeof taken === "function") sockets.handleUpgrade(message, socket, head, taken);
      else refuseUpgrade(socket, taken);
    } catch {
      refuseUpgrade(socket);
    }
  });

  const open = new Set<Socket>();
  const outer = createServer(async (message, answer) => {
    const url = URL.parse(message.url ?? "");
    const service = url?.protocol === "http:" ? hosts.find(url.hostname) : undefined;
    try {
      if (service?.plainHttp) return send(await dispatch.answer(await toRequest(message, url!.href), caller), answer);
    } catch (error) {
      if (error instanceof ConnectionCut) return void answer.destroy();
    }
    answer.writeHead(403, { "content-type": "text/plain" });
    answer.end(`${url && !service ? new HostNotServed(url.hostname).message : httpsOnly}\n`);
  });
  outer.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  });
  outer.on("connect", (message, socket: Socket, head) => {
    const host = (message.url ?? "").replace(/:\d+$/, "");
    if (!hosts.find(host)) {
      const text = `${new HostNotServed(host).message}\n`;
      // Most clients show nothing of this answer's body: the terminal is where a person reads it.
      log(`${caller} asked for ${host}. ${text.trimEnd()}`);
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
      return;
    }
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length) socket.unshift(head);
    inner.emit("connection", socket);
  });
  await listen(outer, port);
  return {
    url: `http://127.0.0.1:${(outer.address() as AddressInfo).port}`,
    close: async () => {
      sockets.close();
      for (const socket of open) socket.destroy();
      await new Promise((done) => outer.close(done));
    },
  };
}

/** Answers a WebSocket handshake with a refusal and ends the connection. */
export function refuseUpgrade(socket: Socket, answer?: Response): void {
  socket.end(`HTTP/1.1 ${answer?.status ?? 400} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Listens on loopback; rejects where the port is taken. */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", failed);
      done();
    });
  });
}
