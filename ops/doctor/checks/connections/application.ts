import { isMissing, valueOf } from "../../set-up/read-value";
import type { Ungrouped } from "../check";
import { restore } from "../credentials";
import { application, byEntra, each, isHere, tenantOf, updateConnection } from "./connection";
import { atProvider, refusedAs, refusedElsewhere, unknownClient } from "./refusal";

/** Whether the application through which people sign in is there, switched on, and takes these people. */
export const applicationChecks: readonly Ungrouped[] = [
  {
    code: "connection-client-unknown",
    what: "The identity provider does not know the connection's application: every sign-in ends there (at Entra: AADSTS700016)",
    fix: updateConnection,
    mendedByUp: true,
    follows: ["connection-provider"],
    look: each(function* (connection, setUp) {
      const { app, id, clientId } = connection;
      const where = `${id} clientId`;
      if (!byEntra(connection)) {
        const words = refusedElsewhere(connection, "authorize", unknownClient);
        if (words) yield { where, evidence: words, ...atProvider(connection, setUp, "clientId") };
        return;
      }
      const gone = app && isMissing(app.application) && isMissing(app.principal) && isMissing(app.deleted);
      if (isHere(connection, setUp) && gone)
        yield { where, evidence: `${clientId || "nothing"}: the tenant ${setUp.tenantId} has no such application` };
      else if (!isHere(connection, setUp)) {
        const words = refusedAs(connection, "application-unknown");
        if (words) yield { where, evidence: words };
      }
    }),
  },
  {
    code: "sign-in-app-deleted",
    what: "The connection's application was deleted: nobody can sign in",
    fix: "az rest --method post --url https://graph.microsoft.com/v1.0/directory/deletedItems/<object id>/restore brings it back, within 30 days of its deletion",
    mendedByUp: false,
    look: each(function* (connection) {
      const deleted = connection.app && valueOf(connection.app.deleted);
      if (deleted)
        yield {
          where: application(connection),
          evidence: `in Entra's recycle bin since ${deleted.since}`,
          fix: restore(deleted.id),
        };
    }),
  },
  {
    code: "sign-in-principal-missing",
    what: "The connection's application has no service principal in its tenant: nobody can sign in",
    fix: "az ad sp create --id <application id>",
    mendedByUp: true,
    look: each(function* (connection) {
      const { app, clientId } = connection;
      if (app && valueOf(app.application) && isMissing(app.principal))
        yield {
          where: application(connection),
          evidence: "no service principal",
          fix: `az ad sp create --id ${clientId}`,
        };
    }),
  },
  {
    code: "sign-in-principal-disabled",
    what: "The connection's application is switched off: nobody can sign in",
    fix: "az ad sp update --id <application id> --set accountEnabled=true",
    mendedByUp: true,
    look: each(function* (connection) {
      const { app, clientId } = connection;
      if (app && valueOf(app.principal)?.accountEnabled === false)
        yield {
          where: application(connection),
          evidence: "accountEnabled of its service principal is false, expected true",
          fix: `az ad sp update --id ${clientId} --set accountEnabled=true`,
        };
    }),
  },
  {
    code: "users-must-be-assigned",
    what: "The connection's application lets in assigned people only: all others are refused (AADSTS50105)",
    fix: "Assign the people (Enterprise applications, Users and groups), or: az ad sp update --id <application id> --set appRoleAssignmentRequired=false",
    mendedByUp: true,
    look: each(function* (connection) {
      const { app, clientId } = connection;
      if (app && valueOf(app.principal)?.appRoleAssignmentRequired === true)
        yield {
          where: application(connection),
          evidence: "appRoleAssignmentRequired of its service principal is true",
          fix: `Assign the people (Enterprise applications, Users and groups), or: az ad sp update --id ${clientId} --set appRoleAssignmentRequired=false`,
        };
    }),
  },
  {
    code: "connection-tenant",
    what: "The connection signs people in at another tenant than its application takes",
    fix: updateConnection,
    mendedByUp: true,
    look: each(function* (connection, { tenantId }) {
      if (!byEntra(connection)) return;
      const where = `${connection.id} tenantId`;
      const tenant = tenantOf(connection);
      const own = connection.app && valueOf(connection.app.application);
      const single = own?.signInAudience === "AzureADMyOrg";
      const words = refusedAs(connection, "tenant-unknown", "single-tenant");
      const fix = `${updateConnection}. Its tenantId: ${tenantId}`;
      if (single && tenant.toLowerCase() !== tenantId.toLowerCase())
        yield { where, evidence: `${tenant}, expected ${tenantId}, whose people alone the application takes`, fix };
      else if (words) yield { where, evidence: words, fix };
    }),
  },
  {
    code: "sign-in-audience",
    what: "The connection's application takes other people than those who use the bot",
    fix: "az ad app update --id <application id> --sign-in-audience AzureADMyOrg",
    mendedByUp: true,
    look: each(function* (connection, _setUp, wanted) {
      const own = connection.app && valueOf(connection.app.application);
      if (!own) return;
      const ours = wanted !== undefined && wanted.clientId === undefined;
      const wrong = ours ? own.signInAudience !== "AzureADMyOrg" : own.signInAudience === "PersonalMicrosoftAccount";
      if (wrong)
        yield {
          where: application(connection),
          evidence: `signInAudience is ${own.signInAudience}, expected AzureADMyOrg`,
        };
    }),
  },
];
