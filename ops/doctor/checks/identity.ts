import { entraErrors } from "../../../contract/known-errors/entra";
import { fixFor, knownError, nothingKnown } from "../../../contract/known-errors/known-error";
import { daysLeft } from "../../../infra/deployment/secret-life";
import { isMissing, valueOf } from "../set-up/read-value";
import type { SetUp } from "../set-up";
import { brokenReference, noApplication } from "./causes";
import { endInUse, restore, soon } from "./credentials";
import { inGroup, type Seen } from "./check";

const resetBotSecret =
  "az ad app credential reset --id <application id> --append, then put the new password where the web app reads it";

/** What Entra says to the bot's own request for a token: to the doctor's, else to the running bot's, as its health page tells. */
function botRefusal({
  identity,
  health,
  bot,
  webApp,
}: SetUp): { id: string; evidence: string; where: string } | undefined {
  const where = `${valueOf(webApp)?.id ?? bot.id} ${identity.secretSetting ?? "MicrosoftAppPassword"}`;
  const { token } = identity;
  if (token.ended === "refused") {
    const known = knownError(entraErrors, { code: token.code, message: token.words });
    return { id: known?.id ?? token.code, evidence: token.words, where };
  }
  if (token.ended === "good" || health?.found !== "health") return undefined;
  const fix = health.health.checks.find(({ name, ok }) => name === "bot token" && !ok)?.fix;
  // The page tells the catalogue's fix, and never Entra's words.
  const known = fix && entraErrors.find((one) => fix.includes(fixFor(one)));
  return known ? { id: known.id, evidence: `the running bot: ${known.cause} (${known.codes[0]})`, where } : undefined;
}

function* refusedWith(setUp: SetUp, id: string): Iterable<Seen> {
  const refused = botRefusal(setUp);
  if (refused?.id === id) yield { where: refused.where, evidence: refused.evidence };
}

/** When the certificates end that the bot's application knows, the last one last; none where the bot has none. */
function certificateEnds({ identity }: SetUp): string[] {
  const known = identity.certificates.length > 0 ? (valueOf(identity.application)?.keyCredentials ?? []) : [];
  return known.map(({ endDateTime }) => endDateTime).sort();
}

/** Refusals that a check of their own tells. */
const ofCode = [
  "client-secret-wrong",
  "client-secret-ended",
  "principal-missing",
  "application-off",
  "application-unknown",
  "certificate-credential-ended",
  "certificate-ended",
  "assertion-signature",
];

/** The bot's own application, or the managed identity that it is. */
export const identityChecks = inGroup("Bot's identity", [
  {
    code: "bot-app-missing",
    what: "There is no application with the id that the bot's registration names: the bot gets no token",
    fix: "Make the registration anew with an application that exists: an application's id cannot be made again",
    mendedByUp: true,
    *look({ bot, identity, tenantId }) {
      if (bot.identityId !== undefined || (bot.appTenantId ?? tenantId).toLowerCase() !== tenantId.toLowerCase())
        return;
      if (isMissing(identity.application) && isMissing(identity.principal) && isMissing(identity.deleted))
        yield {
          where: `${bot.id} properties.msaAppId`,
          evidence: `${bot.appId}: the tenant ${tenantId} has no such application`,
        };
    },
  },
  {
    code: "bot-app-deleted",
    what: "The bot's application was deleted: the bot gets no token",
    fix: "az rest --method post --url https://graph.microsoft.com/v1.0/directory/deletedItems/<object id>/restore brings it back, within 30 days of its deletion",
    mendedByUp: false,
    *look({ identity }) {
      const deleted = valueOf(identity.deleted);
      if (deleted)
        yield {
          where: `application ${identity.clientId}`,
          evidence: `in Entra's recycle bin since ${deleted.since}`,
          fix: restore(deleted.id),
        };
    },
  },
  {
    code: "bot-service-principal-missing",
    what: "The bot's application has no service principal in its tenant: it gets no token (AADSTS7000229)",
    fix: "az ad sp create --id <application id>",
    mendedByUp: true,
    follows: ["bot-app-missing", "bot-app-deleted"],
    *look({ identity, bot }) {
      if (bot.identityId === undefined && valueOf(identity.application) && isMissing(identity.principal))
        yield {
          where: `application ${identity.clientId}`,
          evidence: "no service principal",
          fix: `az ad sp create --id ${identity.clientId}`,
        };
    },
  },
  {
    code: "bot-service-principal-disabled",
    what: "The bot's application is switched off: it gets no token (AADSTS7000112)",
    fix: "az ad sp update --id <application id> --set accountEnabled=true",
    mendedByUp: true,
    *look({ identity }) {
      if (valueOf(identity.principal)?.accountEnabled === false)
        yield {
          where: `service principal of ${identity.clientId}`,
          evidence: "accountEnabled is false, expected true",
          fix: `az ad sp update --id ${identity.clientId} --set accountEnabled=true`,
        };
    },
  },
  {
    code: "bot-secret-expired",
    what: "The bot's secret has ended: it gets no token, and answers nobody",
    fix: resetBotSecret,
    mendedByUp: false,
    follows: noApplication.ofBot,
    *look(setUp) {
      const { identity, now, stack } = setUp;
      const rotate = stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` };
      for (const seen of refusedWith(setUp, "client-secret-ended")) {
        yield { ...seen, ...rotate };
        return;
      }
      const passwords = valueOf(identity.application)?.passwordCredentials ?? [];
      if (identity.token.ended !== "not walked" || identity.secretSetting === undefined || passwords.length === 0)
        return;
      if (passwords.every(({ endDateTime }) => Date.parse(endDateTime) <= now.getTime())) {
        const last = passwords
          .map(({ endDateTime }) => endDateTime)
          .sort()
          .at(-1);
        yield {
          where: `application ${identity.clientId}`,
          evidence: `its newest password ended on ${last}`,
          ...rotate,
        };
      }
    },
  },
  {
    code: "bot-secret-wrong",
    what: "The bot's secret is none of its application's: it gets no token, and answers nobody",
    fix: resetBotSecret,
    mendedByUp: true,
    follows: [...noApplication.ofBot, "bot-secret-expired", ...brokenReference],
    *look(setUp) {
      const { identity } = setUp;
      let seen = false;
      for (const one of refusedWith(setUp, "client-secret-wrong")) {
        seen = true;
        yield one;
      }
      const application = valueOf(identity.application);
      if (!seen && identity.secretSetting !== undefined && application) {
        if (application.passwordCredentials.length === 0 && application.keyCredentials.length === 0)
          yield {
            where: `application ${identity.clientId}`,
            evidence: "it has no password at all, and the web app has one",
          };
      }
    },
  },
  {
    code: "bot-secret-ends-soon",
    what: "The bot's secret ends soon: from then on it answers nobody",
    fix: resetBotSecret,
    mendedByUp: false,
    follows: ["bot-secret-expired", ...noApplication.ofBot],
    *look({ identity, now, stack }) {
      const passwords = valueOf(identity.application)?.passwordCredentials ?? [];
      const last = endInUse(passwords, identity.secretHint);
      if (identity.secretSetting === undefined || last === undefined) return;
      const left = daysLeft(last, now);
      if (left >= 0 && left < soon)
        yield {
          where: `application ${identity.clientId}`,
          evidence: `the password in use ends on ${last}, in ${left} days`,
          ...(stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` }),
        };
    },
  },
  {
    code: "bot-certificate-expired",
    what: "The bot's certificate has ended: it gets no token, and answers nobody",
    fix: "az ad app credential reset --id <application id> --append --cert @certificate.pem",
    mendedByUp: false,
    follows: noApplication.ofBot,
    *look(setUp) {
      const { identity, now, stack } = setUp;
      const rotate = stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` };
      const ends = certificateEnds(setUp);
      const last = ends.at(-1);
      const seen = [...refusedWith(setUp, "certificate-credential-ended"), ...refusedWith(setUp, "certificate-ended")];
      if (last !== undefined && Date.parse(last) <= now.getTime())
        yield {
          where: `application ${identity.clientId}`,
          evidence: `its newest certificate ended on ${last}`,
          ...rotate,
        };
      else for (const one of seen) yield { ...one, ...rotate };
    },
  },
  {
    code: "bot-certificate-unknown",
    what: "The bot's application does not know the bot's certificate: it gets no token, and answers nobody",
    fix: "az ad app credential reset --id <application id> --append --cert @certificate.pem",
    mendedByUp: true,
    follows: [...noApplication.ofBot, "bot-certificate-expired"],
    *look(setUp) {
      const { identity } = setUp;
      const [newest] = identity.certificates;
      const known = identity.knownCertificates && valueOf(identity.knownCertificates);
      // What Entra says to the running bot counts where nobody could compare; else it comes when the bot's token has ended.
      if (!newest || !known || known.includes(newest.thumbprint)) yield* refusedWith(setUp, "assertion-signature");
      else
        yield {
          where: `application ${identity.clientId}`,
          evidence: `${newest.setting} names the certificate ${newest.thumbprint}, it knows ${known.join(", ") || "none at all"}`,
          fix: `az ad app credential reset --id ${identity.clientId} --append --keyvault ${newest.vaultName} --cert ${newest.name}`,
        };
    },
  },
  {
    code: "bot-certificate-ends-soon",
    what: "The bot's certificate ends soon: from then on it answers nobody",
    fix: "az ad app credential reset --id <application id> --append --cert @certificate.pem",
    mendedByUp: false,
    follows: [...noApplication.ofBot, "bot-certificate-expired", "bot-certificate-unknown"],
    *look(setUp) {
      const { identity, now, stack } = setUp;
      const last = certificateEnds(setUp).at(-1);
      const left = last === undefined ? soon : daysLeft(last, now);
      if (left >= 0 && left < soon)
        yield {
          where: `application ${identity.clientId}`,
          evidence: `its newest certificate ends on ${last}, in ${left} days`,
          ...(stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` }),
        };
    },
  },
  {
    code: "bot-token-refused",
    what: "Entra refuses the bot its own token",
    fix: nothingKnown(),
    mendedByUp: false,
    follows: [...noApplication.ofBot, "bot-tenant"],
    *look(setUp) {
      const refused = botRefusal(setUp);
      if (!refused || ofCode.includes(refused.id)) return;
      const known = entraErrors.find(({ id }) => id === refused.id);
      yield { where: refused.where, evidence: refused.evidence, ...(known && { fix: fixFor(known) }) };
    },
  },
  {
    code: "identity-missing",
    follows: ["bot-app-type"],
    what: "The managed identity that the bot is does not exist any more: the bot gets no token",
    fix: "The bot's identity cannot be changed: make identity and registration anew",
    mendedByUp: true,
    *look({ identity, bot }) {
      if (identity.managed && isMissing(identity.managed))
        yield { where: `${bot.id} properties.msaAppMSIResourceId`, evidence: `there is no ${bot.identityId}` };
    },
  },
  {
    code: "identity-not-on-web-app",
    what: "The web app does not have the managed identity that the bot is: the bot gets no token",
    fix: "az webapp identity assign --ids <web app> --identities <identity>",
    mendedByUp: true,
    follows: ["identity-missing"],
    *look({ bot, webApp }) {
      const app = valueOf(webApp);
      if (!app || bot.identityId === undefined) return;
      if (!app.identities.some(({ id }) => id === bot.identityId!.toLowerCase()))
        yield {
          where: `${app.id} identity`,
          evidence: `it has ${app.identities.map(({ id }) => id.split("/").at(-1)).join(", ") || "none"}, expected ${bot.identityId}`,
          fix: `az webapp identity assign --ids ${app.id} --identities ${bot.identityId}`,
        };
    },
  },
]);
