import { html } from "./html";
import { page } from "./layout";

/** Asks for the code that a device shows. */
export function deviceCodePage(error?: string): Response {
  const content = html`<h1>Enter code</h1>
    <p>Enter the code that your app or device shows.</p>
    ${error !== undefined && html`<p class="alarm" role="alert" id="error" tabindex="-1" autofocus>${error}</p>`}
    <form method="post" action="https://login.microsoft.com/device">
      <label class="label" for="code">Code</label>
      <input type="text" id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" />
      <p class="actions"><button type="submit">Next</button></p>
    </form>`;
  return page("Enter code", content);
}

/** Says that the device goes on by itself. */
export function deviceDonePage(application: string, cookies: readonly string[]): Response {
  const content = html`<h1>You have signed in</h1>
    <p>You have signed in to <strong>${application}</strong> on your device. You may now close this window.</p>`;
  return page("Signed in", content, { cookies });
}
