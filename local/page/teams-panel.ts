import type { LocalAzure } from "../azure/azure";
import { largestPackage, PackageRefused, type TeamsApp } from "../azure/bot-service/teams/app-package";
import type { CardState, TeamsClient } from "../azure/bot-service/teams/client";
import { type FailureCode, signInFailures } from "../azure/bot-service/teams/failures";
import { type Device, devices } from "../azure/bot-service/teams/message";
import { type PlaceKind, placeKinds } from "../azure/bot-service/teams/place";
import { signInCardOf } from "../azure/bot-service/teams/silent-sign-in";
import type { Activity } from "../azure/bot-service/activity";
import { knownSwitches } from "../azure/switches";
import type { Person } from "../azure/tenant";
import { LocalhostForm } from "../door/localhost-form";

/** A message as the page shows it. */
export interface ShownMessage {
  readonly id: string;
  /** Who says it; the person who looks is `you`. */
  readonly from: string;
  readonly by: "you" | "bot" | "other";
  /** In Markdown, where the bot says it. */
  readonly text: string;
  /** Shown to this person alone, among others. */
  readonly targeted: boolean;
  /** What may be pressed as an answer to it, while nothing was said since. */
  readonly replies: readonly string[];
  readonly card?: { readonly title: string; readonly text: string; readonly button: string; readonly state: CardState };
}

export interface ShownApp extends Pick<
  TeamsApp,
  | "id"
  | "name"
  | "version"
  | "description"
  | "developer"
  | "botId"
  | "scopes"
  | "webApplicationInfo"
  | "commands"
  | "icons"
> {
  readonly installed: boolean;
  /** Whether the manifest lets it be added here. */
  readonly takes: boolean;
}

/** What one person sees in Teams, with one chat open. */
export interface TeamsState {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly places: readonly { readonly kind: PlaceKind; readonly name: string }[];
  readonly apps: readonly ShownApp[];
  /** What is to be said of the app that is made at start, while there is none. */
  readonly making: string;
  readonly devices: readonly Device[];
  readonly messages: readonly ShownMessage[];
  readonly failure: FailureCode | "";
  readonly failures: typeof signInFailures;
  /** Points in which nobody knows how Teams is. */
  readonly switches: readonly { readonly name: string; readonly effect: string; readonly on: boolean }[];
}

/** Which person looks at which chat with which app. */
interface View {
  readonly person: Person;
  readonly kind: PlaceKind;
  readonly app: TeamsApp | undefined;
}

/** Teams on the page: what it shows, and what its buttons do. */
export class TeamsPanel {
  constructor(
    private readonly azure: LocalAzure,
    /** What is to be said of the app of the deployed bot, until it is there. */
    private readonly making: () => string,
  ) {}

  /** @param query `person` (object id), `place`, `app` (id of its manifest); what is missing is the first, or the newest app */
  state(query: URLSearchParams): TeamsState {
    const view = this.#view(query);
    const { apps, clients } = this.azure.teams;
    const client = this.#client(view);
    return {
      people: this.azure.tenant.people.map(({ objectId, name }) => ({ id: objectId, name })),
      places: placeKinds.map((kind) => ({ kind, name: placeNames[kind] })),
      apps: apps.list().map((app) => ({
        ...app,
        installed: apps.isInstalled(app, view.kind, view.person),
        takes: apps.takes(app, view.kind),
      })),
      making: this.making(),
      devices: client?.devices ?? ["browser"],
      messages: client ? client.chat.seen.flatMap((activity) => this.#shown(client, activity)) : [],
      failure: clients.failure ?? "",
      failures: signInFailures,
      switches: knownSwitches.map(({ name, effect }) => ({ name, effect, on: this.azure.switches[name] })),
    };
  }

  /** Server-sent events that say nothing but that something may look different. */
  changes(): Response {
    const encoder = new TextEncoder();
    let end = (): void => undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
        let waits = false;
        end = this.azure.teams.clients.subscribe(() => {
          if (waits) return;
          waits = true;
          setTimeout(() => {
            waits = false;
            try {
              controller.enqueue(encoder.encode("data: changed\n\n"));
            } catch {
              end();
            }
          }, 30).unref();
        });
      },
      cancel: () => end(),
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
  }

  /** `POST /teams/<action>?person=...&place=...&app=...` */
  async act(action: string, request: Request): Promise<Response> {
    const view = this.#view(new URL(request.url).searchParams);
    if (action === "upload") return this.#upload(view, request);
    const body = ((await request.json().catch(() => undefined)) ?? {}) as Readonly<Record<string, unknown>>;
    const { app, kind, person } = view;
    const { apps, clients } = this.azure.teams;
    const client = this.#client(view);
    const card = String(body.card ?? "");
    switch (action) {
      case "say": {
        const problem = await client?.write(String(body.text ?? ""), body.mention === true);
        return Response.json({ ...(problem !== undefined && { problem }) });
      }
      case "open":
        await apps.arrive(person);
        break;
      case "add":
      case "take-out":
        if (app) await apps.set(app, kind, person, action === "add" ? "add" : "remove");
        break;
      case "remove":
        if (app) await apps.remove(app, this.azure.tenant.people);
        break;
      case "failure":
        clients.failure = signInFailures.find(({ code }) => code === body.failure)?.code;
        break;
      case "switch": {
        const known = knownSwitches.find(({ name }) => name === body.name);
        if (known) this.azure.switches[known.name] = body.on === true;
        break;
      }
      case "devices":
        if (client)
          client.devices = devices.filter((device) => (body.devices as unknown[] | undefined)?.includes(device));
        break;
      case "window":
        return this.#window(client, card);
      case "window-ended":
        await client?.ended(card, typeof body.result === "string" ? body.result : undefined);
        break;
      case "decline":
        client?.decline(card);
        break;
      default:
        return new Response(null, { status: 404 });
    }
    clients.changed();
    return Response.json({});
  }

  /** Where the window leads, and the cookie by which Entra knows this browser as the person's, as Teams' own window does. */
  async #window(client: TeamsClient | undefined, card: string): Promise<Response> {
    const opened = await client?.open(card).catch((error: Error) => error);
    if (!opened || opened instanceof Error)
      return Response.json({ problem: opened?.message ?? "There is no such card." }, { status: 409 });
    const form = this.#form();
    const entra = "https://login.microsoftonline.com/";
    return Response.json(
      { address: form.localAddress(opened.address) },
      { headers: { "set-cookie": form.cookie(opened.cookie, entra) } },
    );
  }

  /** Takes a package in, and adds the app to this person's own apps where it is meant for them. */
  async #upload({ person, kind }: View, request: Request): Promise<Response> {
    const { apps, clients } = this.azure.teams;
    try {
      const app = apps.upload(await bytesOf(request));
      await apps.set(app, "personal", person, "add");
      if (kind !== "personal") await apps.set(app, kind, person, "add");
      clients.changed();
      return Response.json({ app: app.id, name: app.name, warning: this.#warningOf(app) });
    } catch (error) {
      if (!(error instanceof PackageRefused)) throw error;
      return Response.json({ code: error.code, problem: error.message }, { status: 400 });
    }
  }

  /** What Teams takes without a word, and what people meet then. */
  #warningOf({ webApplicationInfo, botId }: TeamsApp): string {
    if (!webApplicationInfo) return "";
    const { id, resource } = webApplicationInfo;
    if (!this.azure.directory.hasServicePrincipal(id))
      return `Silent sign-in will fail with invokeerror: webApplicationInfo.id is ${id}, which is no application of this tenant.`;
    if (resource.toLowerCase() !== `api://botid-${botId}`.toLowerCase())
      return `Silent sign-in will fail with resourcematchfailed: webApplicationInfo.resource is ${resource}, and the bot is ${botId}.`;
    return "";
  }

  #view(query: URLSearchParams): View {
    const { people } = this.azure.tenant;
    const { apps } = this.azure.teams;
    return {
      person: people.find(({ objectId }) => objectId === query.get("person")) ?? (people[0] as Person),
      kind: placeKinds.find((kind) => kind === query.get("place")) ?? "personal",
      app: apps.find(query.get("app") ?? "") ?? apps.list().at(-1),
    };
  }

  #client({ app, person, kind }: View): TeamsClient | undefined {
    try {
      return app && this.azure.teams.clients.of(app, person, kind);
    } catch {
      // The bot has gone since, or its channel has.
      return undefined;
    }
  }

  #shown(client: TeamsClient, activity: Activity): ShownMessage[] {
    const { id = "", type, from, recipient, text } = activity;
    if (type !== "message") return [];
    const by = from?.id === client.chat.userId ? "you" : from?.id === client.chat.bot.id ? "bot" : "other";
    const state = client.stateOf(id);
    const card = signInCardOf(activity);
    const shown = state && card && state.stage !== "done" ? { card: { ...pick(card), state } } : {};
    const written = typeof text === "string" ? text : "";
    if (card && !("card" in shown) && written === "") return [];
    return [
      {
        id,
        by,
        from: from?.name ?? "",
        text: by === "bot" ? this.#reachable(written) : plainMention(written),
        replies: quickRepliesOf(activity),
        targeted: client.chat.place.kind !== "personal" && (recipient as { isTargeted?: boolean })?.isTargeted === true,
        ...shown,
      },
    ];
  }

  /** Links of a text, as a browser without a proxy can follow them. */
  #reachable(text: string): string {
    return JSON.parse(this.#form().json(JSON.stringify(text))) as string;
  }

  #form(): LocalhostForm {
    return new LocalhostForm(Number(new URL(this.azure.browserOrigin).port), this.azure.hosts);
  }
}

const placeNames: Readonly<Record<PlaceKind, string>> = {
  personal: "Personal chat",
  groupChat: "Group chat",
  channel: "Channel",
};

const pick = ({ title, text, button }: { title: string; text: string; button: string }) => ({ title, text, button });

/** Of more Teams shows the first three. */
const shownReplies = 3;

/** What the person may press instead of writing it: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/suggested-actions */
function quickRepliesOf({ suggestedActions }: Activity): string[] {
  const { actions = [] } = (suggestedActions ?? {}) as { actions?: readonly { type?: unknown; value?: unknown }[] };
  return actions
    .filter(({ type, value }) => type === "imBack" && typeof value === "string")
    .slice(0, shownReplies)
    .map(({ value }) => String(value));
}

/** A mention as people read it: the name alone. */
function plainMention(text: string): string {
  return text
    .replace(/<at>(.*?)<\/at>(?:&nbsp;)?/g, "@$1 ")
    .replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">" })[name] ?? "")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** A body of at most the size of a package; of a larger one the beginning, which is refused as too large. */
async function bytesOf(request: Request): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > largestPackage) break;
  }
  return Buffer.concat(parts);
}
