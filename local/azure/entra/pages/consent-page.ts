import type { Person } from "../../tenant";
import type { Demand } from "../consent";
import { needsAdministrator } from "../graph-permissions";
import { html, type Html } from "./html";
import { page } from "./layout";

/** What the pages about consent show. */
export interface Consent {
  /** Address that the decision is sent to. */
  readonly action: string;
  /** Address of "sign in with another account". */
  readonly switchAction: string;
  readonly flow: string;
  readonly application: string;
  readonly person: Person;
  readonly demands: readonly Demand[];
  readonly cookies?: readonly string[];
}

/** Asks the person to allow what the application wants; an administrator may do so for everyone. */
export function consentPage(consent: Consent, reach: "self" | "choice" | "everyone"): Response {
  const { action, flow, application, person, demands } = consent;
  const content = html`<h1>Permissions requested</h1>
    <p><strong>${application}</strong> would like to${reach === "everyone" && ", for everyone in the organization"}:</p>
    ${scopeList(demands)}
    <form method="post" action="${action}">
      <input type="hidden" name="flow" value="${flow}" />
      ${
        reach === "choice" &&
        html`<p>
          <label class="check">
            <input type="checkbox" name="everyone" value="yes" />
            <span>Consent on behalf of your organization<small class="quiet">: nobody else is asked then</small></span>
          </label>
        </p>`
      }
      <p class="quiet">You are signed in as ${person.mail}.</p>
      <p class="actions">
        <button type="submit" name="decision" value="accept">Accept</button>
        <button type="submit" name="decision" value="cancel" class="second">Cancel</button>
      </p>
    </form>
    ${switchForm(consent, "Use another account")}`;
  return page("Permissions requested", content, { cookies: consent.cookies ?? [] });
}

/** Tells a person that only an administrator can allow what the application wants (AADSTS90094). */
export function adminApprovalPage(consent: Consent, description: string): Response {
  const { action, flow, application, person, demands } = consent;
  const content = html`<h1>Need admin approval</h1>
    <p>
      <strong>${application}</strong> asks for permissions that only an administrator of your organization can grant.
      Ask one to grant them, then sign in again.
    </p>
    ${scopeList(demands)}
    <p class="quiet">You are signed in as ${person.mail}.</p>
    ${switchForm(consent, "Sign in as an administrator")}
    <p class="quiet">The app is then signed in as that administrator.</p>
    <form method="post" action="${action}">
      <input type="hidden" name="flow" value="${flow}" />
      <p class="actions">
        <button type="submit" name="decision" value="cancel" class="second">
          Return to the app without granting consent
        </button>
      </p>
    </form>
    <p class="quiet">${description}</p>`;
  return page("Need admin approval", content, { cookies: consent.cookies ?? [] });
}

/** Tells an administrator that the organization's consent is written down. */
export function consentedPage(application: string, demands: readonly Demand[]): Response {
  const content = html`<h1>Granted for everyone</h1>
    <p>Everyone in the organization can now use <strong>${application}</strong> with these permissions:</p>
    ${scopeList(demands)}
    <p>You can close this page.</p>`;
  return page("Granted for everyone", content);
}

function scopeList(demands: readonly Demand[]): Html {
  const rows = demands.flatMap(({ target, permissions }) =>
    permissions.map((scope) => {
      const title = scope.userConsentDisplayName || scope.adminConsentDisplayName || scope.value;
      const text = scope.userConsentDescription || scope.adminConsentDescription || "";
      return html`<li>
        <b>${title}</b>
        <small
          >${text} <code>${scope.value}</code> of
          ${target.displayName}${
            needsAdministrator(scope, target.appId) && " (an administrator's consent is needed)"
          }</small
        >
      </li>`;
    }),
  );
  return html`<ul class="scopes">
    ${rows}
  </ul>`;
}

function switchForm({ switchAction, flow }: Consent, label: string): Html {
  return html`<form method="post" action="${switchAction}">
    <input type="hidden" name="flow" value="${flow}" />
    <p class="actions"><button type="submit" class="second">${label}</button></p>
  </form>`;
}
