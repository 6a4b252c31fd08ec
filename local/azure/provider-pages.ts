import { html } from "./entra/pages/html";
import { page } from "./entra/pages/layout";
import type { Person } from "./tenant";

/** What a provider's page shows before it lets an application act for a person. */
export interface Permission {
  /** `GitHub` */
  readonly provider: string;
  /** Address that the decision is sent to. */
  readonly action: string;
  readonly flow: string;
  readonly application: string;
  readonly person: Person;
  readonly scopes: readonly string[];
  readonly cookies?: readonly string[];
}

/** Asks a person whether an application may act for him. */
export function permissionPage({ provider, action, flow, application, person, scopes, cookies }: Permission): Response {
  const content = html`<h1>Authorize ${application}</h1>
    <p><strong>${application}</strong> would like to act as you at ${provider}:</p>
    <ul class="scopes">
      ${scopes.map((scope) => html`<li><b>${scope}</b></li>`)}
    </ul>
    <form method="post" action="${action}">
      <input type="hidden" name="flow" value="${flow}" />
      <p class="quiet">You are signed in as ${person.mail}.</p>
      <p class="actions">
        <button type="submit" name="decision" value="accept">Authorize</button>
        <button type="submit" name="decision" value="cancel" class="second">Cancel</button>
      </p>
    </form>`;
  return page(`Authorize ${application}`, content, { provider, cookies: cookies ?? [] });
}

/** A refusal that only the person in front of the browser can be told. */
export function refusalPage(provider: string, title: string, message: string, status = 400): Response {
  const content = html`<h1>${title}</h1>
    <p class="alarm" role="alert" id="error" tabindex="-1" autofocus>${message}</p>`;
  return page(title, content, { provider, status });
}

/** Tells something that is done. */
export function donePage(provider: string, title: string, message: string, cookies: readonly string[] = []): Response {
  const content = html`<h1>${title}</h1>
    <p>${message}</p>`;
  return page(title, content, { provider, cookies });
}

/** Whom a filled-in sign-in page names, where the password is right. */
export function personOf(people: readonly Person[], password: string, form: URLSearchParams): Person | undefined {
  const account = (form.get("account") || form.get("other") || "").trim().toLowerCase();
  return form.get("password") === password ? people.find(({ mail }) => mail === account) : undefined;
}
