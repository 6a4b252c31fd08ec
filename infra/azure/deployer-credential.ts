import type { GetTokenOptions, TokenCredential } from "@azure/identity";
import { AzureCallError } from "./azure-call-error";
import { chooseSignIn, credentialFor, type Environment, type SignIn } from "./credential";

/**
 * The deployer's credential, as the environment names it. It is chosen when first asked for a token, so that a program
 * which never signs in needs none; the credential behind it keeps and renews its tokens.
 * Every failure is an {@link AzureCallError}: `credential-incomplete` before a half-configured sign-in, else Entra's own
 * code (`AADSTS7000215`) or `sign-in-refused`, with the fix for that way to sign in.
 */
export function deployerCredential(environment: Environment, fetch = globalThis.fetch): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions) {
      const signIn = chooseSignIn(environment);
      const scope = [scopes].flat().join(" ");
      credential ??= credentialFor(signIn, fetch);
      const token = await (await credential).getToken(scopes, options).catch((error: Error) => {
        if (error instanceof AzureCallError) throw error;
        throw signInRefused(signIn, scope, error.message);
      });
      if (!token) throw signInRefused(signIn, scope, "the credential gave no token");
      return token;
    },
  };
}

function signInRefused(signIn: SignIn, scope: string, said: string): AzureCallError {
  const [words = "no reason given"] = said.split("\n");
  const code = /AADSTS\d+/.exec(said)?.[0] ?? "sign-in-refused";
  const cause = `signing in with ${signIn.kind} gave no token: ${words}`;
  return new AzureCallError(code, scope, cause, fixOf(signIn, code, said));
}

/** What fixes a refused sign-in. Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
function fixOf(signIn: SignIn, code: string, said: string): string {
  if (code === "AADSTS90002") return "No tenant has this id or name: correct ARM_TENANT_ID.";
  if (code === "AADSTS700016") {
    return "The tenant does not know the application: correct ARM_CLIENT_ID, or set ARM_TENANT_ID to the tenant that has it.";
  }
  switch (signIn.kind) {
    case "client certificate":
      return (
        "ARM_CLIENT_CERTIFICATE_PATH must hold certificate and private key, and the application must know the " +
        "certificate: az ad app credential reset --id $ARM_CLIENT_ID --append --cert @certificate.pem"
      );
    case "federated token":
    case "federated token file":
    case "federated token request":
      if (code === "AADSTS700024") return "The OIDC token has expired: ask its issuer for a new one.";
      return (
        "The application must trust exactly this token's issuer, subject and audience: " +
        "az ad app federated-credential create --id $ARM_CLIENT_ID --parameters credential.json"
      );
    case "managed identity":
      return "Run this where Azure gives a managed identity and ARM_CLIENT_ID (if set) names it, or unset ARM_USE_MSI.";
    case "azure cli":
      if (/could not be found|not installed/i.test(said)) {
        return "Install the Azure CLI and run az login, or set the ARM_* variables with which azure-native signs in.";
      }
      return `Sign in: az login${signIn.tenantId ? ` --tenant ${signIn.tenantId}` : ""}`;
    case "client secret":
    case "default":
      return "Check the ARM_* variables with which azure-native signs in.";
  }
}
