import { addressesOf, residencies } from "../../../../infra/facts/residency";
import type { Connection, SetUp } from "../../set-up";
import { valueOf } from "../../set-up/read-value";
import type { Ungrouped } from "../check";
import { application, byEntra, each } from "./connection";
import { refusedAs, refusedElsewhere, unreachable, wrongRedirect } from "./refusal";

/** Whether the application knows the address to which the Token Service has people sent back, and takes its secret there. */
export const redirectChecks: readonly Ungrouped[] = [
  {
    code: "redirect-residency",
    what: "The connection's application has the Token Service's redirect address of another residency: AADSTS50011",
    fix: "az ad app update --id <application id> --web-redirect-uris <the address that is expected>",
    mendedByUp: true,
    follows: ["residency-mismatch"],
    look: each(function* (connection, setUp) {
      const { redirect, addresses } = redirects(connection, setUp);
      if (!addresses || addresses.web.includes(redirect) || addresses.others.includes(redirect)) return;
      const elsewhere = addresses.web.find((address) => tokenServices.includes(address));
      if (elsewhere)
        yield {
          where: application(connection),
          evidence: `it has ${elsewhere}, expected ${redirect}`,
          fix: addRedirect(connection, redirect),
        };
    }),
  },
  {
    code: "redirect-platform",
    what: "The redirect address stands under another platform than Web: the Token Service's secret is then refused",
    fix: "Move it to the platform Web: az ad app update --id <application id> --web-redirect-uris <address>",
    mendedByUp: true,
    look: each(function* (connection, setUp) {
      const { redirect, addresses } = redirects(connection, setUp);
      if (addresses && !addresses.web.includes(redirect) && addresses.others.includes(redirect))
        yield {
          where: application(connection),
          evidence: `${redirect} is one of a single-page or mobile application, expected of Web`,
          fix: addRedirect(connection, redirect),
        };
    }),
  },
  {
    code: "redirect-missing",
    what: "The connection's application does not have the Token Service's redirect address: every sign-in ends with AADSTS50011",
    fix: "az ad app update --id <application id> --web-redirect-uris <address>",
    mendedByUp: true,
    follows: ["redirect-residency", "redirect-platform", "residency-mismatch", ...unreachable],
    look: each(function* (connection, setUp) {
      const { redirect, addresses } = redirects(connection, setUp);
      const fix = addRedirect(connection, redirect);
      const words = refusedAs(connection, "redirect-address", "redirect-addresses-gone");
      if (addresses && !addresses.web.includes(redirect))
        yield {
          where: application(connection),
          evidence: `it has ${addresses.web.join(", ") || "none"}, expected ${redirect}`,
          fix,
        };
      else if (!addresses && words) yield { where: application(connection), evidence: words, fix };
      const elsewhere = byEntra(connection) ? undefined : refusedElsewhere(connection, "authorize", wrongRedirect);
      if (elsewhere)
        yield {
          where: application(connection),
          evidence: elsewhere,
          fix: `Register ${redirect} as redirect address of ${connection.clientId} at ${connection.provider?.displayName ?? "its provider"}`,
          ofOthers: true,
        };
    }),
  },
  {
    code: "public-client",
    what: "The connection's application is a public client: the Token Service's secret is refused (AADSTS700025)",
    fix: "az ad app update --id <application id> --is-fallback-public-client false",
    mendedByUp: true,
    look: each(function* (connection) {
      const words = connection.token.ended === "refused" ? refusedAs(connection, "public-client") : undefined;
      if (words) yield { where: application(connection), evidence: words };
    }),
  },
];

const tokenServices = residencies.map((one) => addressesOf(one).redirectAddress);

/** The redirect address that a connection's application needs, and those that it has; undefined where they could not be read. */
function redirects(
  { app }: Connection,
  { bot }: SetUp,
): { redirect: string; addresses?: { web: readonly string[]; others: readonly string[] } } {
  const redirect = addressesOf(bot.residency ?? "global").redirectAddress;
  const own = app && valueOf(app.application);
  if (!own) return { redirect };
  return {
    redirect,
    addresses: {
      web: own.web.redirectUris,
      others: [...(own.spa?.redirectUris ?? []), ...(own.publicClient?.redirectUris ?? [])],
    },
  };
}

/** What is there stays: a bot of another residency may sign people in through the same application. */
function addRedirect({ app, clientId }: Connection, redirect: string): string {
  const own = (app && valueOf(app.application)?.web.redirectUris) || [];
  const all = [...own, redirect].join(" ");
  return `az ad app update --id ${clientId} --web-redirect-uris ${all}`;
}
