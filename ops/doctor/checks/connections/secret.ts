import { daysLeft } from "../../../../infra/deployment/secret-life";
import { valueOf } from "../../set-up/read-value";
import { noApplication } from "../causes";
import type { Ungrouped } from "../check";
import { endInUse, soon } from "../credentials";
import { application, byEntra, each, updateConnection } from "./connection";
import { atProvider, refusedAs, refusedElsewhere, unreachable } from "./refusal";

/** Whether the connection holds a secret of its application that is still good. */
export const secretChecks: readonly Ungrouped[] = [
  {
    code: "connection-secret-missing",
    what: "The connection has no client secret: the last step of every sign-in fails (AADSTS7000218)",
    fix: updateConnection,
    mendedByUp: true,
    follows: ["connection-provider"],
    look: each(function* ({ id, proof, hasSecret }) {
      if (proof === "secret" && hasSecret === false) yield { where: `${id} clientSecret`, evidence: "it is empty" };
    }),
  },
  {
    code: "connection-secret-expired",
    what: "The connection's client secret has ended: the last step of every sign-in fails",
    fix: "az ad app credential reset --id <application id> --append, then write the connection with the new password",
    mendedByUp: false,
    follows: unreachable,
    look: each(function* (connection, { stack, now }) {
      const { id, token, proof } = connection;
      const rotate = stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` };
      const words = token.ended === "refused" ? refusedAs(connection, "client-secret-ended") : undefined;
      if (words) {
        yield { where: `${id} clientSecret`, evidence: words, ...rotate };
        return;
      }
      const passwords = (connection.app && valueOf(connection.app.application)?.passwordCredentials) || [];
      if (token.ended !== "not walked" || proof !== "secret" || passwords.length === 0) return;
      if (passwords.every(({ endDateTime }) => Date.parse(endDateTime) <= now.getTime()))
        yield { where: application(connection), evidence: "all its passwords have ended", ...rotate };
    }),
  },
  {
    code: "connection-secret-ends-soon",
    what: "The connection's client secret ends soon: from then on nobody can sign in",
    fix: "az ad app credential reset --id <application id> --append, then write the connection with the new password",
    mendedByUp: false,
    follows: ["connection-secret-expired", "connection-secret-wrong", ...noApplication.ofConnection],
    look: each(function* (connection, { stack, now }) {
      const { app, proof, secretHint } = connection;
      const last = endInUse((app && valueOf(app.application)?.passwordCredentials) || [], secretHint);
      if (proof !== "secret" || last === undefined) return;
      const left = daysLeft(last, now);
      if (left >= 0 && left < soon)
        yield {
          where: application(connection),
          evidence: `the password in use ends on ${last}, in ${left} days`,
          ...(stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` }),
        };
    }),
  },
  {
    code: "connection-secret-wrong",
    what: "The connection's client secret is none of its application's: the last step of every sign-in fails",
    fix: "az ad app credential reset --id <application id> --append, then write the connection with the new password",
    mendedByUp: true,
    follows: [...unreachable, "connection-secret-expired", "connection-secret-missing"],
    look: each(function* (connection, setUp) {
      const words = refusedAs(connection, "client-secret-wrong");
      const where = `${connection.id} clientSecret`;
      if (words) yield { where, evidence: words };
      const elsewhere = byEntra(connection) ? undefined : refusedElsewhere(connection, "token");
      if (elsewhere) yield { where, evidence: elsewhere, ...atProvider(connection, setUp, "clientSecret") };
    }),
  },
];
