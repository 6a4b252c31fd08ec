import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createBot } from "../../../bot/bot";
import { createHost } from "../../../bot/host/host";
import { createLog } from "../../../bot/log";
import type { BlobStorage } from "../../../bot/storage";
import { managedIdentity, settings as usual } from "./azure";
import { activityOf, type Channel } from "./channel";
import { MemoryStorage } from "./memory-storage";

/** What a request came back with. */
export interface Delivered {
  readonly status: number;
  readonly body: string;
}

/** The bot as it runs, on a port of its own: whatever reaches it comes through its host. */
export interface FrontDoor {
  readonly address: string;
  /** The lines that the bot has logged. */
  readonly log: string[];
  /** Sends an activity as its channel does. */
  deliver(fields: Record<string, unknown>): Promise<Delivered>;
  /** Sends a body with a right token, whatever the body is. */
  post(body: string | Buffer, headers?: Record<string, string>): Promise<Delivered>;
  close(): Promise<void>;
}

/** Two instances of the bot on one storage, each with its own way to it: `storage` is the first one's. */
export async function openTwoInstances(channel: Channel, storage: MemoryStorage): Promise<[FrontDoor, FrontDoor]> {
  return [await openFrontDoor(channel, storage), await openFrontDoor(channel, new MemoryStorage(storage.items))];
}

/** Starts a bot. */
export async function openFrontDoor(
  channel: Channel,
  storage = new MemoryStorage(),
  settings = usual,
): Promise<FrontDoor> {
  const folder = mkdtempSync(join(tmpdir(), "bot-"));
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public", "index.html"), "<title>{{title}}</title>");
  const lines: string[] = [];
  const log = createLog(new Writable({ write: (chunk, _, done) => (lines.push(String(chunk)), done()) }));
  const routes = createBot({
    settings,
    build: { version: "1.2.3", hash: "abc" },
    folder,
    keys: channel.keys,
    credential: managedIdentity,
    storage: storage as unknown as BlobStorage,
    log,
  });
  const server = createHost(routes, log);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = await channel.token();
  const post: FrontDoor["post"] = async (body, headers = {}) => {
    const answer = await fetch(`${address}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: body as BodyInit,
    });
    return { status: answer.status, body: await answer.text() };
  };
  return {
    address,
    log: lines,
    post,
    deliver: (fields) => post(JSON.stringify(activityOf(fields))),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
