import { deployerErrors } from "../../contract/known-errors/deployer";
import { causeFor, fixOf, knownError } from "../../contract/known-errors/known-error";
import type { GetTokenOptions, TokenCredential } from "@azure/identity";
import { AzureCallError } from "./azure-call-error";
import { chooseSignIn, credentialFor, type Environment, Listener, type SignIn } from "./credential";

/**
 * The deployer's credential, as the environment names it. It is chosen when first asked for a token, so that a program
 * which never signs in needs none; the credential behind it keeps and renews its tokens.
 * Every failure is an {@link AzureCallError}: `credential-incomplete` before a half-configured sign-in, else Entra's own
 * code (`AADSTS7000215`) or `sign-in-refused`, with what the catalogue knows to fix it.
 */
export function deployerCredential(environment: Environment, fetch = globalThis.fetch): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  const listener = new Listener();
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions) {
      const signIn = chooseSignIn(environment);
      const scope = [scopes].flat().join(" ");
      credential ??= credentialFor(signIn, fetch, listener);
      const within = AbortSignal.timeout(tokenWithin);
      const asked = (await credential).getToken(scopes, { abortSignal: within, ...options });
      const token = await Promise.race([asked, ended(within)]).catch((thrown: Error) => {
        const error = listener.explained(thrown);
        if (error instanceof AzureCallError) throw error;
        throw signInRefused(signIn, scope, error.message);
      });
      if (!token) throw signInRefused(signIn, scope, "the credential gave no token");
      return token;
    },
  };
}

/** Milliseconds for a token: Microsoft's client itself waits for an answer for ever. */
const tokenWithin = 100_000;

/** Rejects when a signal does. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const late = (): void => reject(new Error(`no answer within ${tokenWithin / 1_000} s`));
    signal.addEventListener("abort", late, { once: true });
  });
}

function signInRefused(signIn: SignIn, scope: string, said: string): AzureCallError {
  const [words = "no reason given"] = said.split("\n");
  const code = /AADSTS\d+/.exec(said)?.[0] ?? "sign-in-refused";
  // Entra's words have a number to look up; those of a tool that is missing or signed out say less than what is known of them.
  const known = code === "sign-in-refused" ? knownError(deployerErrors, { code, message: said }) : undefined;
  const tenant = "tenantId" in signIn ? signIn.tenantId : undefined;
  const cause = known
    ? causeFor(known, said, { tenant })
    : `signing in with ${signIn.method} gave no token: ${words.replace(/\.$/, "")}`;
  return new AzureCallError(code, scope, cause, fixOf(deployerErrors, { code, message: said }, undefined, { tenant }));
}
