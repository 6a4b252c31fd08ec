import { day } from "../contract/time";
import type { SecretsInUse } from "../contract/app-settings";
import type { CredentialInUse } from "./adapter";
import type { Settings } from "./settings";

/** What the health page says of the bot's secrets: names, dates and states, never one of them. */
export function secretsInUse(
  {
    secretsRotation: rotation,
    secretsDue,
    secretsEnd: ends,
  }: Pick<Settings, "secretsRotation" | "secretsDue" | "secretsEnd">,
  inUse: CredentialInUse,
  now: Date,
): SecretsInUse {
  const left = Math.floor((Date.parse(ends) - now.getTime()) / day);
  const when = left < 0 ? "have ended" : `end in ${left} days`;
  return {
    rotation,
    ends,
    ...inUse,
    ...(now.getTime() >= Date.parse(secretsDue) && {
      warning: `The bot's secrets ${when}. Rotate them: npm run rotate -- <stack>`,
    }),
  };
}
