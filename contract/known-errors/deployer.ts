import { fixes } from "./fixes";
import type { KnownError } from "./known-error";

const reference = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const identity = "https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/identity/identity/TROUBLESHOOTING.md";
const federation = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";
const cli = "https://learn.microsoft.com/cli/azure/authenticate-azure-cli";
const loginAgain = "az login --tenant {tenant}";

/**
 * What Entra, the Azure CLI and Microsoft's client (@azure/identity) say to whoever deploys and cannot sign in. The first that
 * fits is the one. To the bot Entra says the same numbers, and there they mean something else: entra.ts.
 */
export const deployerErrors: readonly KnownError[] = [
  {
    id: "deployer-tenant-unknown",
    codes: ["AADSTS90002"],
    cause: "There is no tenant {tenant}, in which the deployment is to sign in",
    fix: "Correct ARM_TENANT_ID, or az login --tenant <tenant>",
    source: reference,
  },
  {
    id: "deployer-application-unknown",
    codes: ["AADSTS700016"],
    cause: "The tenant {tenant} does not know the application as which the deployment signs in",
    fix: "Correct ARM_CLIENT_ID, or set ARM_TENANT_ID to the tenant that has it.",
    source: reference,
  },
  {
    id: "deployer-of-another-tenant",
    codes: ["AADSTS50020", "AADSTS90072"],
    cause: "The account that is signed in does not belong to the tenant {tenant}",
    fix: "Sign in with one that does: az login --tenant {tenant}",
    source: reference,
  },
  {
    id: "deployer-secret-wrong",
    codes: ["AADSTS7000215"],
    cause: "The client secret of the deploying application is wrong: its id instead of its value, or an old one",
    fix: "Put the value of one that is good into ARM_CLIENT_SECRET: az ad app credential reset --id $ARM_CLIENT_ID --append makes one.",
    mistake: 32,
    source: reference,
  },
  {
    id: "deployer-secret-ended",
    codes: ["AADSTS7000222"],
    cause: "The client secret of the deploying application has ended",
    fix: "Put a new one into ARM_CLIENT_SECRET: az ad app credential reset --id $ARM_CLIENT_ID --append makes one.",
    source: reference,
  },
  {
    id: "deployer-certificate-ended",
    codes: ["AADSTS700027", "AADSTS1000502"],
    says: /expired/i,
    cause: "The certificate with which the deployment signs in has ended",
    fix: "Make a new one, give it to the application (az ad app credential reset --id $ARM_CLIENT_ID --append --cert @certificate.pem), and put it where ARM_CLIENT_CERTIFICATE_PATH points.",
    source: "https://github.com/microsoft/azure-tools-for-java/issues/2785",
  },
  {
    id: "deployer-certificate-unknown",
    codes: ["AADSTS700027"],
    cause: "The deploying application does not know the certificate with which the deployment signs in",
    fix: "Give it to the application: az ad app credential reset --id $ARM_CLIENT_ID --append --cert @certificate.pem",
    source: reference,
  },
  {
    id: "deployer-token-not-trusted",
    codes: [
      "AADSTS70021",
      "AADSTS70025",
      "AADSTS700211",
      "AADSTS700212",
      "AADSTS700213",
      "AADSTS7002137",
      "AADSTS7002138",
    ],
    cause:
      "No federated credential of the deploying application has the issuer, the subject and the audience of the token that it was shown",
    fix: "Have it trust exactly these: az ad app federated-credential create --id $ARM_CLIENT_ID --parameters credential.json",
    source: federation,
  },
  {
    id: "deployer-token-ended",
    codes: ["AADSTS700024"],
    cause: "The OIDC token has ended, or a clock is wrong",
    fix: "Ask its issuer for a new one; in GitHub Actions run the job again.",
    source: reference,
  },
  {
    id: "deployer-application-off",
    codes: ["AADSTS7000112"],
    cause: "The deploying application is switched off",
    fix: "Have sign-in to it allowed again (Entra, Enterprise applications, Properties).",
    source: reference,
  },
  {
    id: "deployer-principal-missing",
    codes: ["AADSTS7000229"],
    cause: "The deploying application has no service principal in the tenant {tenant}",
    fix: "Make it: az ad sp create --id $ARM_CLIENT_ID",
    source: "https://github.com/microsoft/teams.ts/issues/224",
  },
  {
    id: "deployer-policy",
    codes: ["AADSTS53003", "AADSTS53000", "AADSTS53001", "AADSTS530032", "AADSTS530084", "AADSTS53011"],
    cause: "A Conditional Access policy blocks the sign-in of whoever deploys",
    fix: "Entra's sign-in log names the policy (Monitoring, Sign-in logs, Conditional Access): meet what it asks for, or have its owner leave the deploying identity out.",
    source: "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
  },
  {
    id: "deployer-login-ended",
    codes: [
      "AADSTS70043",
      "AADSTS700082",
      "AADSTS50173",
      "AADSTS50078",
      "AADSTS50076",
      "AADSTS50079",
      "AADSTS50132",
      "AADSTS70008",
      "AADSTS700084",
    ],
    cause: "The Azure CLI's login has ended, or Entra asks for a second proof",
    fix: loginAgain,
    source: cli,
  },
  {
    id: "azure-cli-missing",
    codes: [],
    says: /Azure CLI could not be found/i,
    cause: "No ARM_* variable says how to sign in, and the Azure CLI is not installed",
    fix: "Set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID, or install it (https://aka.ms/azure-cli) and az login --tenant {tenant}",
    source: identity,
  },
  {
    id: "azure-cli-signed-out",
    codes: [],
    says: /\baz login\b/i,
    cause: "The Azure CLI's login has ended or never was",
    fix: loginAgain,
    source: cli,
  },
  {
    id: "certificate-without-key",
    codes: [],
    says: /does not contain a PEM-encoded certificate|secretOrPrivateKey|DECODER routines|PEM routines|bad decrypt/i,
    cause:
      "The file with which the deployment signs in holds no certificate with its private key, or the key's password is another",
    fix: "Put both, in PEM, where ARM_CLIENT_CERTIFICATE_PATH points, and the password, where the key has one, into ARM_CLIENT_CERTIFICATE_PASSWORD.",
    source: identity,
  },
  {
    id: "managed-identity-missing",
    codes: [],
    says: /managed identity|ManagedIdentityCredential|IMDS/i,
    cause: "ARM_USE_MSI asks for a managed identity, and Azure gives none here, or none of the id ARM_CLIENT_ID",
    fix: "Run this where Azure gives one, with ARM_CLIENT_ID its client id or unset; or unset ARM_USE_MSI.",
    source: identity,
  },
  {
    id: "deployer-throttled-by-entra",
    codes: ["AADSTS50196", "AADSTS90055", "AADSTS90033", "AADSTS90012"],
    cause: "Entra has no time for the sign-in of whoever deploys just now",
    fix: "It passes by itself: try again in some minutes.",
    source: reference,
  },
  {
    id: "entra-unreachable",
    codes: [],
    says: /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b|network_error/,
    cause: "Entra cannot be reached from here",
    fix: fixes.checkNetwork,
    source: identity,
  },
];
