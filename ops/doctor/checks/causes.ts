/** Findings after which the web app cannot answer: what it does not answer says nothing more. */
export const silentApp: readonly string[] = [
  "web-app-missing",
  "web-app-stopped",
  "web-app-public-network-off",
  "web-app-access-restricted",
  "web-app-login-required",
  "web-app-client-certificates",
  "start-command",
];

/** Findings after which an application of Entra gets no token, whatever its secret. */
export const noApplication = {
  ofBot: ["bot-app-missing", "bot-app-deleted", "bot-service-principal-missing", "bot-service-principal-disabled"],
  ofConnection: [
    "connection-client-unknown",
    "sign-in-app-deleted",
    "sign-in-principal-missing",
    "sign-in-principal-disabled",
  ],
} as const;

/** Findings after which the web app has no secret, but the text of a reference. */
export const brokenReference: readonly string[] = [
  "vault-deleted",
  "vault-missing",
  "reference-secret-missing",
  "reference-secret-disabled",
  "reference-secret-expired",
  "reference-role-missing",
  "reference-vault-network",
  "reference-identity",
  "reference-unresolved",
];
