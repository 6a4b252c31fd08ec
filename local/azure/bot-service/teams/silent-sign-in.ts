import type { Activity } from "../activity";
import type { FailureCode } from "./failures";
import type { PlaceKind } from "./place";

/** A sign-in card as Teams reads it. */
export interface SignInCard {
  readonly activityId: string;
  readonly connectionName: string | undefined;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  /** The sign-in address behind its button. */
  readonly address: string | undefined;
  readonly exchange: { readonly id: string; readonly uri: string } | undefined;
}

const oauthCard = "application/vnd.microsoft.card.oauth";

/** The sign-in card of a message; undefined where it brings none. */
export function signInCardOf({ id = "", attachments = [] }: Activity): SignInCard | undefined {
  const found = attachments.find(({ contentType }) => contentType === oauthCard);
  if (!found) return undefined;
  const content = (found.content ?? {}) as {
    connectionName?: string;
    text?: string;
    title?: string;
    buttons?: readonly { title?: string; value?: string }[];
    tokenExchangeResource?: { id?: string; uri?: string };
  };
  const [button] = content.buttons ?? [];
  const { id: exchangeId, uri } = content.tokenExchangeResource ?? {};
  return {
    activityId: id,
    connectionName: content.connectionName || undefined,
    title: content.title ?? "",
    text: content.text ?? "",
    button: button?.title ?? "Sign in",
    address: button?.value || undefined,
    exchange: exchangeId && uri ? { id: exchangeId, uri } : undefined,
  };
}

/** What of the app's package decides whether Teams signs in silently. */
export interface SilentApp {
  readonly webApplicationInfo: { readonly id: string; readonly resource: string } | undefined;
}

/** What Teams does by itself when a card comes: asks Entra for a token, tells the bot why not, or nothing. */
export type FirstStep =
  | { readonly step: "ask"; readonly resource: string }
  | { readonly step: "fail"; readonly code: FailureCode }
  | { readonly step: "nothing" };

/**
 * @param app installed where the card came; undefined where none is
 * @param forced a failure that somebody has switched on
 */
export function firstStep(
  card: SignInCard,
  place: PlaceKind,
  app: SilentApp | undefined,
  forced?: FailureCode,
): FirstStep {
  if (card.connectionName === undefined || card.address === undefined) return fail("oauthcardnotvalid");
  if (!card.exchange) return { step: "nothing" };
  if (forced) return fail(forced);
  if (!app) return fail("installedappnotfound");
  // No single sign-on in channels: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-overview
  if (place === "channel" || app.webApplicationInfo?.resource !== card.exchange.uri) return fail("resourcematchfailed");
  return { step: "ask", resource: card.exchange.uri };
}

const fail = (code: FailureCode): FirstStep => ({ step: "fail", code });

/** What Teams does where Entra gave it no token: shows a window for consent, or tells the bot. */
export function afterRefusal(error: string, description: string): FailureCode | "consent" {
  const [, number = ""] = /AADSTS(\d+)/.exec(description) ?? [];
  if (number === "65001") return "consent";
  if (number === "500011") return "resourcematchfailed";
  if (error === "invalid_grant" || error === "interaction_required") return "interactionrequired";
  return error === "" ? "tokenmissing" : "authrequestfailed";
}

/** What the person meets after the bot's answers to `signin/tokenExchange`, one from each of their devices. */
export function afterExchange(statuses: readonly number[]): "done" | "consent" | "card" {
  if (statuses.some((status) => status >= 200 && status < 300)) return "done";
  return statuses.includes(412) ? "consent" : "card";
}
