import { buildingPlatformSettings, platformSettings } from "../facts/app-settings";
import type { CodePlan } from "../deployment/code";
import { dialectSettings } from "../facts/sdks";
import { atOwnWebApp, type Context, is, matching, ownTenant, type Predicate } from "./predicates";

/** What the set-up's code asks of its web app, where the stack's file brings a bot of its own; else what the bundled bot does. */
function whereBrought(brought: (plan: CodePlan, context: Context) => Predicate, bundled: Predicate): Predicate {
  const chosen = (context: Context): Predicate => {
    const { code } = context.setUp;
    return code ? brought(code.plan, context) : bundled;
  };
  return {
    wants: `${bundled.wants}, or what follows from the setting code`,
    test: (value, context) => chosen(context).test(value, context),
  };
}

export const runtime = whereBrought(
  ({ runtime: wanted }) => is(wanted),
  matching(/^NODE\|\d\d-lts$/, "NODE|<version>-lts"),
);

/** What starts a bot of one's own, a person says or its package does: whoever may change either may change its code, too. */
export const startCommand = whereBrought(
  () => ({ wants: "a command in one line", test: (value) => typeof value === "string" && !/[\r\n]/.test(value) }),
  is("exec node index.js"),
);

export const healthCheckPath = (route: string): Predicate =>
  whereBrought(({ healthPath }) => is(healthPath), is(route));

export const messagesAddress = (route: string): Predicate =>
  whereBrought(({ messages }) => atOwnWebApp(messages), atOwnWebApp(route));

export function platformSetting(name: string): Predicate {
  const bundled = is(platformSettings[name]);
  return whereBrought(({ builtThere }) => (builtThere ? is(buildingPlatformSettings[name]) : bundled), bundled);
}

/**
 * A setting of the dialect of a bot that was brought: who it is, with a secret or as a managed identity, and what its
 * connections are called.
 */
export function dialectSetting(
  name: string,
  { setUp }: Context,
  bot: { readonly appId: Predicate; readonly secret: Predicate },
): Predicate | undefined {
  const { code } = setUp;
  if (!code) return undefined;
  const wanted = [bot.secret, undefined].flatMap((secret) => {
    const credentials = { appId: bot.appId, tenantId: ownTenant, secret };
    const value = dialectSettings<Predicate>(code.plan.dialect, credentials, code.connections)[name];
    return value === undefined ? [] : [typeof value === "string" ? is(value) : value];
  });
  const [first] = wanted;
  return first && { wants: first.wants, test: (value, context) => wanted.some((one) => one.test(value, context)) };
}
