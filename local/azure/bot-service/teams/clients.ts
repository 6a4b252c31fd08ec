import type { Azure } from "../../service";
import type { Person } from "../../tenant";
import type { TeamsApp } from "./app-package";
import type { TeamsApps } from "./apps";
import { TeamsClient } from "./client";
import { EntraSessions } from "./entra-session";
import type { FailureCode } from "./failures";
import type { PlaceKind } from "./place";
import type { TeamsChats } from "./chat";

/** The Teams that people of the local tenant have open, each with a sign-in of their own at Entra. */
export class TeamsClients {
  readonly sessions: EntraSessions;
  /** What every silent sign-in fails with; undefined where it works. */
  failure: FailureCode | undefined;
  readonly #clients = new Map<string, TeamsClient>();
  readonly #watchers = new Set<() => void>();

  constructor(
    azure: Azure,
    private readonly apps: TeamsApps,
    private readonly chats: TeamsChats,
  ) {
    this.sessions = new EntraSessions(azure);
  }

  /** A person's client with a chat open in which an app is installed; undefined where it is not. */
  of(app: TeamsApp, person: Person, kind: PlaceKind): TeamsClient | undefined {
    if (!this.apps.isInstalled(app, kind, person)) return undefined;
    const chat = this.chats.chatUntold(app.botId, person, kind);
    const key = `${chat.conversation.id} ${person.objectId}`;
    const known = this.#clients.get(key);
    if (known?.chat.conversation === chat.conversation) return known;
    const made = new TeamsClient(chat, person, {
      sessions: this.sessions,
      app: () => {
        const newest = this.apps.find(app.id);
        return newest && this.apps.isInstalled(newest, kind, person) ? newest : undefined;
      },
      failure: () => this.failure,
      changed: () => this.changed(),
    });
    this.#clients.set(key, made);
    return made;
  }

  /** Has a function called whenever something may look different, until what this gives is called. */
  subscribe(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
