import { at, type Inputs } from "./resource";
import type { SetUp } from "./set-up";
import { types } from "./types";

/** The values of an app setting in a web app's inputs: none where it has none, more than one where the program says it twice. */
export function settingIn(webApp: Inputs, name: string): unknown[] {
  return [at(webApp, "siteConfig.appSettings") ?? []]
    .flat()
    .filter((one) => at(one, "name") === name)
    .map((one) => at(one, "value"));
}

/**
 * The same over all web apps of the set-up. The web app is always seen first, because bot and connections follow it; once
 * deployed, Azure no longer gives settings back.
 */
export function settingOfWebApps({ members }: SetUp, name: string): unknown[] {
  return members.filter(({ type }) => type === types.webApp).flatMap(({ inputs }) => settingIn(inputs, name));
}
