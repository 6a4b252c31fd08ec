import { entraErrors } from "../../../contract/known-errors/entra";
import { fixFor, knownError, nothingKnown } from "../../../contract/known-errors/known-error";
import { inGroup } from "./check";
import { applicationChecks } from "./connections/application";
import { each, updateConnection } from "./connections/connection";
import { federatedChecks } from "./connections/federated-credential";
import { redirectChecks } from "./connections/redirect-address";
import { unknownClient, unreachable, wrongRedirect } from "./connections/refusal";
import { scopeChecks } from "./connections/scopes";
import { secretChecks } from "./connections/secret";

/** Refusals that a check of their own tells. */
const told = [
  "redirect-address",
  "redirect-addresses-gone",
  "scope-unknown",
  "api-without-principal",
  "application-unknown",
  "application-off",
  "client-secret-wrong",
  "client-secret-ended",
  "client-secret-missing",
  "principal-missing",
  "tenant-unknown",
  "single-tenant",
];

/** What every connection needs before a person can sign in. */
export const connectionChecks = inGroup("Connections", [
  {
    code: "connection-missing",
    what: "The bot asks for a connection that its registration does not have: every sign-in ends before it begins",
    fix: "az bot authsetting create --name <bot> --resource-group <group> --setting-name <connection> ...",
    mendedByUp: true,
    *look({ bot, wanted, connections, connectionsRead }) {
      if (!connectionsRead) return;
      const names = connections.map(({ name }) => name);
      for (const { name } of wanted?.connections ?? []) {
        if (!names.includes(name))
          yield {
            where: `${bot.id}/connections/${name}`,
            evidence: `it has ${names.join(", ") || "none"}`,
            about: name,
          };
      }
    },
  },
  {
    code: "connection-provider",
    what: "The connection signs people in at another identity provider than the settings say",
    fix: updateConnection,
    mendedByUp: true,
    look: each(function* ({ id, providerId, provider }, _setUp, wanted) {
      const expected = wanted?.providerId;
      if (expected && expected.toLowerCase() !== providerId.toLowerCase())
        yield {
          where: `${id} serviceProviderId`,
          evidence: `${providerId} (${provider?.displayName ?? "unknown"}), expected ${expected}`,
        };
      else if (!expected && !provider)
        yield { where: `${id} serviceProviderId`, evidence: `${providerId}, which is no provider of Bot Service` };
    }),
  },
  ...applicationChecks,
  ...secretChecks,
  ...redirectChecks,
  ...scopeChecks,
  ...federatedChecks,
  {
    code: "connection-refused",
    what: "A sign-in by this connection is refused before the person's turn",
    fix: nothingKnown(),
    mendedByUp: false,
    follows: [
      ...unreachable,
      "redirect-missing",
      "redirect-platform",
      "redirect-residency",
      "scope-unknown",
      "scopes-of-two-resources",
      "public-client",
      "connection-secret-missing",
      "connection-secret-wrong",
      "residency-mismatch",
    ],
    look: each(function* ({ id, token, authorize, proof }) {
      for (const walk of [token, authorize]) {
        if (walk.ended !== "refused") continue;
        const known = knownError(entraErrors, { code: walk.code, message: walk.words });
        if (known && told.includes(known.id)) continue;
        if (proof === "other" && [...unknownClient, ...wrongRedirect].includes(walk.code)) continue;
        yield { where: id, evidence: walk.words, ...(known && { fix: fixFor(known) }) };
      }
    }),
  },
]);
