import { type Attachment } from "@microsoft/agents-activity";
import { CardFactory, type SignInResource } from "@microsoft/agents-hosting";
import { type Connection, entra } from "../../contract/connection";
import { sentences } from "./sentences";

/** How a card differs from the usual one. */
export interface CardChoice {
  /** What it is a sign-in to, where there are several. */
  readonly service?: string | undefined;
  /** Said before everything else. */
  readonly why?: string;
  /** False where Teams must not try by itself first. */
  readonly singleSignOn?: boolean;
}

/** The card that asks a person to sign in. */
export function signInCard(
  { name, provider }: Pick<Connection, "name" | "provider">,
  signIn: SignInResource,
  { service, why, singleSignOn = true }: CardChoice,
): Attachment {
  const words = sentences.cardText(service, provider === entra || /^aad/i.test(provider));
  const text = why === undefined ? words : `${why} ${words}`;
  return CardFactory.oauthCard(name, sentences.cardTitle, text, signIn, singleSignOn);
}
