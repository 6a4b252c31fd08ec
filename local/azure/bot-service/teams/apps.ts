import type { Person } from "../../tenant";
import { PackageRefused, readPackage, type TeamsApp } from "./app-package";
import type { PlaceKind } from "./place";
import type { TeamsChats } from "./chat";

/** What the manifest calls where an app may be added. */
const scopes: Readonly<Record<PlaceKind, string>> = { personal: "personal", groupChat: "groupChat", channel: "team" };

/** The apps that were uploaded to the local tenant's Teams, and where each is installed. */
export class TeamsApps {
  readonly #apps = new Map<string, TeamsApp>();
  readonly #installed = new Set<string>();
  /** Ids of apps that everybody gets, as by a setup policy of the organisation. */
  readonly #forEveryone = new Set<string>();
  readonly #arrived = new Set<string>();
  /** Who has Teams open. */
  readonly #people = new Set<Person>();

  constructor(private readonly chats: TeamsChats) {}

  /** The newest upload last. */
  list(): readonly TeamsApp[] {
    return [...this.#apps.values()];
  }

  find(id: string): TeamsApp | undefined {
    return this.#apps.get(id);
  }

  /**
   * Takes a package as Teams does when somebody uploads it. One of an app that is there is its update, and stays installed.
   * Throws a {@link PackageRefused}.
   */
  upload(archive: Buffer): TeamsApp {
    const app = readPackage(archive);
    try {
      this.chats.bot(app.botId);
    } catch {
      const message = `bots[0].botId is ${app.botId}, which is no bot with a Teams channel: nobody would answer.`;
      throw new PackageRefused("bot-unknown", message);
    }
    this.#apps.delete(app.id);
    this.#apps.set(app.id, app);
    return app;
  }

  /** Has everybody get an app for themselves, now or once they open Teams, as an administrator's setup policy does. */
  async giveEveryone({ id }: TeamsApp): Promise<void> {
    this.#forEveryone.add(id);
    for (const person of this.#people) await this.arrive(person);
  }

  /** A person opens Teams: what everybody gets is installed for them, once. */
  async arrive(person: Person): Promise<void> {
    this.#people.add(person);
    for (const app of this.list().filter(({ id }) => this.#forEveryone.has(id))) {
      const key = keyOf(app, "personal", person);
      if (this.#arrived.has(key)) continue;
      this.#arrived.add(key);
      await this.set(app, "personal", person, "add");
    }
  }

  isInstalled(app: TeamsApp, kind: PlaceKind, person: Person): boolean {
    return this.#installed.has(keyOf(app, kind, person));
  }

  /** Whether the manifest lets the app be added there. */
  takes(app: TeamsApp, kind: PlaceKind): boolean {
    return app.scopes.includes(scopes[kind]);
  }

  /** Adds an app to a chat, or takes it out, and has the bot told. */
  async set(app: TeamsApp, kind: PlaceKind, person: Person, action: "add" | "remove"): Promise<void> {
    const key = keyOf(app, kind, person);
    if (this.#installed.has(key) === (action === "add")) return;
    if (action === "add" && !this.takes(app, kind)) return;
    if (action === "add") this.#installed.add(key);
    else this.#installed.delete(key);
    await this.chats.chatUntold(app.botId, person, kind).installed(action);
  }

  /** Takes an app out of everywhere, and out of Teams. */
  async remove(app: TeamsApp, people: readonly Person[]): Promise<void> {
    for (const kind of Object.keys(scopes) as PlaceKind[]) {
      for (const person of people) await this.set(app, kind, person, "remove").catch(() => undefined);
    }
    this.#apps.delete(app.id);
    this.#forEveryone.delete(app.id);
  }
}

/** A personal app is one person's, a group's everybody's in it. */
const keyOf = ({ id }: TeamsApp, kind: PlaceKind, { objectId }: Person): string =>
  `${id} ${kind}${kind === "personal" ? ` ${objectId}` : ""}`;
