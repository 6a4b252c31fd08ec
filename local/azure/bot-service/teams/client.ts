import { decodeJwt } from "jose";
import type { Person } from "../../tenant";
import type { Activity } from "../activity";
import type { TeamsApp } from "./app-package";
import type { EntraSessions } from "./entra-session";
import { type FailureCode, failureOf } from "./failures";
import { type Device, messageOf } from "./message";
import { afterExchange, afterRefusal, firstStep, type SignInCard, signInCardOf } from "./silent-sign-in";
import { isSeenBy, type TeamsChat } from "./chat";

/** Where the sign-in of a card stands, as its person sees it. */
export interface CardState {
  /**
   * `silent`: Teams tries by itself; `failed`: it could not, and shows nothing, neither the failure nor the card
   * (https://learn.microsoft.com/microsoftteams/platform/teams-sdk/teams/user-authentication/troubleshooting-sso);
   * `consent`: it shows that it needs a consent; `card`: the button has to be pressed; `window`: a window is open; `done`: the
   * card is gone.
   */
  readonly stage: "silent" | "failed" | "consent" | "card" | "window" | "done";
  /** What became of the last try, in a sentence. */
  readonly note: string;
}

/** A window that Teams opens for a card: where it leads, and Entra's cookie by which it finds the person signed in. */
export interface TeamsWindow {
  readonly address: string;
  readonly cookie: string;
}

interface Card {
  readonly card: SignInCard;
  state: CardState;
  /** Why the window is open. */
  window?: "sign-in" | "consent";
  /** Whose consent is missing: Teams' own where the sign-in application did not let it in beforehand. */
  consentOf?: "bot" | "teams";
}

/** What a client asks of what is around it. */
export interface ClientParts {
  readonly sessions: EntraSessions;
  /** The app, where it is installed here. */
  app(): TeamsApp | undefined;
  /** A failure of silent sign-in that somebody has switched on. */
  failure(): FailureCode | undefined;
  /** Has whoever looks at this client look again. */
  changed(): void;
}

/**
 * One person's Teams, with one chat open: on one device or on two at once. It answers sign-in cards as Teams does.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-overview
 */
export class TeamsClient {
  devices: readonly Device[] = ["browser"];
  readonly #cards = new Map<string, Card>();

  constructor(
    readonly chat: TeamsChat,
    private readonly person: Person,
    private readonly parts: ClientParts,
  ) {
    chat.conversation.subscribe((activities) => {
      for (const activity of activities) this.#arrived(activity);
      parts.changed();
    });
  }

  /** Where the sign-in of a message's card stands; undefined where it has none. */
  stateOf(activityId: string): CardState | undefined {
    return this.#cards.get(activityId)?.state;
  }

  /**
   * Sends what the person writes, from the first of their devices. Among others a bot gets what mentions it, and nothing else.
   * Gives what Teams shows where the bot did not take it.
   */
  async write(text: string, mention: boolean): Promise<string | undefined> {
    const personal = this.chat.place.kind === "personal";
    const message = messageOf(text, this.#device, mention && !personal ? this.chat.bot : undefined);
    if (!mention && !personal) return void this.chat.tell(message);
    const { status } = await this.chat.send(message);
    return status < 300 ? undefined : `The bot did not take the message: it answered ${status}.`;
  }

  /** Opens the window behind a card's button, or behind the consent that Teams asks for. */
  async open(activityId: string): Promise<TeamsWindow | undefined> {
    const card = this.#cards.get(activityId);
    const { address, exchange } = card?.card ?? {};
    if (!card || address === undefined) return undefined;
    const asksForTeams = card.state.stage === "consent" && card.consentOf === "teams" && exchange;
    const leads = asksForTeams ? this.parts.sessions.consentAddress(this.person, this.#device, exchange.uri) : address;
    card.window = card.state.stage === "consent" ? "consent" : "sign-in";
    const cookie = await this.parts.sessions.cookieOf(this.person);
    this.#show(card, "window", "");
    return { address: leads, cookie };
  }

  /**
   * A window has ended.
   * @param result what its last page handed over, the code of a sign-in; undefined where the person closed it
   */
  async ended(activityId: string, result: string | undefined): Promise<void> {
    const card = this.#cards.get(activityId);
    if (!card || card.state.stage !== "window") return;
    if (card.window === "consent") {
      // The same exchange again, with the same id: the person has to say nothing twice. An administrator may have consented in
      // a window that the person closed.
      await this.#silently(card);
      if (this.#isAt(card, "consent")) this.#show(card, "card", "The permission was not given.");
      return;
    }
    const { status } = await this.#invoke(card, "signin/verifyState", { state: result ?? "CancelledByUser" });
    if (result === undefined) return this.#show(card, "card", "The window was closed.");
    if (status < 300) return this.#show(card, "done", "");
    this.#show(card, "card", `The bot answered ${status} to the sign-in.`);
  }

  /** The person does without: the card is shown instead of the question for consent. */
  decline(activityId: string): void {
    const card = this.#cards.get(activityId);
    if (card?.state.stage === "consent") this.#show(card, "card", "The permission was not given.");
  }

  #arrived(activity: Activity): void {
    const { from, type, id = "" } = activity;
    if (type === "messageDelete") this.#cards.delete(id);
    if (type !== "message" || from?.id !== this.chat.bot.id || !isSeenBy(activity, this.chat.userId)) return;
    const card = signInCardOf(activity);
    if (!card || this.#cards.has(id)) return;
    // One that names another receiver is theirs to answer, though all see it.
    const { recipient } = activity;
    const mine = recipient?.id === undefined || recipient.id === this.chat.userId;
    const kept: Card = { card, state: { stage: "card", note: "" } };
    this.#cards.set(id, kept);
    if (mine) void this.#begin(kept);
  }

  async #begin(card: Card): Promise<void> {
    const step = firstStep(card.card, this.chat.place.kind, this.parts.app(), this.parts.failure());
    if (step.step === "fail") return this.#fail(card, step.code);
    if (step.step === "ask") return this.#silently(card);
  }

  /** Has each device hand a token over, as Teams does: all with the card's one id. */
  async #silently(card: Card): Promise<void> {
    const { exchange, connectionName } = card.card;
    if (!exchange) return;
    this.#show(card, "silent", "");
    const statuses = await Promise.all(
      this.devices.map(async (device) => {
        const asked = await this.parts.sessions.tokenFor(this.person, device, exchange.uri);
        if (!("token" in asked)) return afterRefusal(asked.error, asked.description);
        if (audienceOf(asked.token) !== this.parts.app()?.webApplicationInfo?.id) return "invokeerror";
        const value = { id: exchange.id, connectionName, token: asked.token };
        return (await this.#invoke(card, "signin/tokenExchange", value)).status;
      }),
    );
    const answers = statuses.filter((one): one is number => typeof one === "number");
    const failed = statuses.find((one): one is FailureCode => typeof one === "string" && one !== "consent");
    if (answers.length === 0 && failed) return this.#fail(card, failed);
    if (answers.length === 0) {
      card.consentOf = "teams";
      return this.#show(card, "consent", "");
    }
    const outcome = afterExchange(answers);
    card.consentOf = "bot";
    if (outcome === "card") return this.#show(card, "card", `The bot answered ${answers[0]} to the token.`);
    this.#show(card, outcome, "");
  }

  async #fail(card: Card, code: FailureCode): Promise<void> {
    const { message } = failureOf(code);
    this.#show(card, "failed", code);
    await this.#invoke(card, "signin/failure", { code, message });
  }

  #invoke({ card }: Card, name: string, value: object): Promise<{ readonly status: number }> {
    const { channelData } = this.chat.place;
    return this.chat.send({
      type: "invoke",
      name,
      value,
      replyToId: card.activityId,
      channelData: { ...channelData, source: { name: "message" } },
    });
  }

  #show(card: Card, stage: CardState["stage"], note: string): void {
    card.state = { stage, note };
    this.parts.changed();
  }

  #isAt({ state }: Card, stage: CardState["stage"]): boolean {
    return state.stage === stage;
  }

  get #device(): Device {
    return this.devices[0] ?? "browser";
  }
}

/** For which application a token is. */
function audienceOf(token: string): unknown {
  try {
    return decodeJwt(token).aud;
  } catch {
    return undefined;
  }
}
