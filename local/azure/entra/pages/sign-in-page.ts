import type { Person } from "../../tenant";
import { html, type Html } from "./html";
import { page } from "./layout";

/** What the sign-in page shows. */
export interface SignIn {
  /** Address that the form is sent to. */
  readonly action: string;
  readonly flow: string;
  readonly application: string;
  readonly people: readonly Person[];
  /** The one password of all local people, which the page shows. */
  readonly password: string;
  /** Somebody who is signed in already and may go on without a password. */
  readonly signedIn?: Person | undefined;
  /** User principal name to begin with. */
  readonly account?: string | undefined;
  /** Why it has to be tried again. */
  readonly error?: string | undefined;
  readonly cookies?: readonly string[];
  /** Whose page it is; Entra's unless told otherwise. */
  readonly provider?: string;
}

/** Asks who signs in: one of the local people, or another account. */
export function signInPage(signIn: SignIn): Response {
  const { action, flow, people, password, signedIn, error } = signIn;
  const account = signIn.account?.toLowerCase();
  const chosen = people.find(({ mail }) => mail === account);
  const other = account !== undefined && !chosen ? signIn.account : undefined;
  const content = html`<h1>Sign in</h1>
    <p>to go on to <strong>${signIn.application}</strong></p>
    ${error !== undefined && html`<p class="alarm" role="alert" id="error" tabindex="-1" autofocus>${error}</p>`}
    ${signedIn && continueForm(action, flow, signedIn)}
    <form method="post" action="${action}">
      <input type="hidden" name="flow" value="${flow}" />
      <fieldset>
        <legend>Who are you?</legend>
        ${people.map((person, at) => personChoice(person, chosen ? person === chosen : !other && at === 0))}
        <label class="person">
          <input type="radio" name="account" value="" ${other !== undefined && html`checked`} />
          <span>Use another account</span>
        </label>
        <input
          class="other"
          type="text"
          name="other"
          value="${other ?? ""}"
          aria-label="Another account's user name"
          placeholder="somebody@example.com"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
        />
      </fieldset>
      <label class="label" for="password">Password</label>
      <input
        type="password"
        id="password"
        name="password"
        autocomplete="current-password"
        aria-describedby="hint"
        ${error !== undefined && html`aria-invalid="true"`}
      />
      <p class="quiet" id="hint">Everybody's password here is <code>${password}</code></p>
      <p class="actions"><button type="submit">Sign in</button></p>
    </form>`;
  const { cookies = [], provider } = signIn;
  return page("Sign in", content, { cookies, ...(provider !== undefined && { provider }) });
}

function personChoice({ name, mail, jobTitle, administrator }: Person, checked: boolean): Html {
  return html`<label class="person">
    <input type="radio" name="account" value="${mail}" ${checked && html`checked`} />
    <span>${name}<small>${mail} · ${administrator ? "may consent for everyone" : jobTitle}</small></span>
  </label>`;
}

function continueForm(action: string, flow: string, { name, mail }: Person): Html {
  return html`<form method="post" action="${action}">
      <input type="hidden" name="flow" value="${flow}" />
      <input type="hidden" name="account" value="${mail}" />
      <input type="hidden" name="continue" value="yes" />
      <p class="actions"><button type="submit">Continue as ${name}</button></p>
    </form>
    <p class="quiet">or sign in as somebody else:</p>`;
}
