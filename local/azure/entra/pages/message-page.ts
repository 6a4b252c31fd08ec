import type { EntraError, Occurrence } from "../errors";
import { html } from "./html";
import { page } from "./layout";

/** Shows a refusal that cannot be told to the application, because its address is not to be trusted. */
export function errorPage(error: EntraError, at: Occurrence, fix: string | undefined): Response {
  const content = html`<h1>This sign-in cannot go on</h1>
    <p class="alarm" role="alert" id="error" tabindex="-1" autofocus>${error.message}</p>
    ${fix !== undefined && html`<p>${fix}</p>`}
    <dl>
      <dt>Correlation ID</dt>
      <dd>${at.correlationId}</dd>
      <dt>Timestamp</dt>
      <dd>${at.timestamp}</dd>
    </dl>`;
  return page(error.code, content, { status: error.status });
}

/** Where every refusal sends for an explanation. Entra has one for each number; the local Azure has none. */
export function explanationPage(number: string): Response {
  const content = html`<h1>AADSTS${number}</h1>
    <p>The local Azure does not explain Entra's errors. Entra does, at its own address:</p>
    <p>https://login.microsoftonline.com/error?code=${number}</p>`;
  return page("Error", content);
}

export function signedOutPage(cookies: readonly string[]): Response {
  const content = html`<h1>You are signed out</h1>
    <p>The next sign-in in this browser asks again who you are.</p>`;
  return page("Signed out", content, { cookies });
}

/** Posts an answer to the application by itself (`response_mode=form_post`); without scripts by a button. */
export function formPostPage(
  address: string,
  fields: ReadonlyMap<string, string>,
  cookies: readonly string[],
): Response {
  const content = html`<h1>Going back to the application</h1>
    <form method="post" action="${address}">
      ${[...fields].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <p class="actions"><button type="submit">Continue</button></p>
    </form>`;
  return page("Going back", content, { cookies, submits: true });
}
