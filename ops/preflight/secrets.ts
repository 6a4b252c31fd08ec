import { healthRoute } from "../../contract/app-settings";
import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { botServiceVersion } from "../../infra/azure/bot-service";
import { lookAt } from "../../infra/code/health";
import { ownName } from "../../infra/facts/names";
import { isNearEnd } from "../../infra/deployment/secret-life";
import type { Finding } from "./finding";
import type { StackSettings } from "../pulumi/stack-settings";

interface Registration {
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly properties?: { readonly endpoint?: string | null };
}

/**
 * How long the secrets of a stack's bot still live, as its own health page says: neither state nor passphrase is needed. Nothing
 * where there is no bot yet, or one whose page says nothing of it.
 */
export async function secretsOfBot(access: Access, settings: StackSettings, stack: string): Promise<Finding[]> {
  const { project, subscriptionId = "", existing, secretLifetimeDays } = settings;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${existing?.resourceGroup ?? ownName(project, stack)}`;
  const listed = await armClient(access).find<{ value: readonly Registration[] }>(
    `${group}/providers/Microsoft.BotService/botServices`,
    botServiceVersion,
  );
  const own = (listed?.value ?? []).filter(({ tags }) => tags?.project === project && tags.stack === stack);
  const looks = own.flatMap(({ properties }) => {
    const endpoint = URL.parse(properties?.endpoint ?? "");
    return endpoint ? [lookAt(access, `${endpoint.origin}${healthRoute}`)] : [];
  });
  const now = new Date(access.now());
  return (await Promise.all(looks)).flatMap((look) => {
    const secrets = look.found === "health" ? look.health.secrets : undefined;
    return secrets ? [judged(secrets.ends, secretLifetimeDays, now, stack)] : [];
  });
}

/** What its finding says. */
export const what = "The bot's secrets are good";

function judged(ends: string, lifetimeDays: number, now: Date, stack: string): Finding {
  const near = isNearEnd(ends, lifetimeDays, now);
  const ended = Date.parse(ends) <= now.getTime();
  return {
    what,
    state: ended ? "missing" : near ? "unsure" : "held",
    because: ended ? `they ended on ${ends}` : `until ${ends}`,
    ...(near && { fix: `npm run rotate -- ${stack}` }),
  };
}
