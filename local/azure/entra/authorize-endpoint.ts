import { randomUUID } from "node:crypto";
import type { Call, Routes } from "../routes";
import type { Azure } from "../service";
import type { Person } from "../tenant";
import { redirectUris } from "./application";
import { checkAssigned } from "./assignment";
import {
  readAuthorizationRequest,
  readClient,
  readReturnAddress,
  type AuthorizationRequest,
  type ReturnAddress,
} from "./authorization-request";
import { platformOf } from "./client-credential";
import { consentStep, demandsOf, grantAll, holdsAnyGrant, missingOf, registeredDemands, type Demand } from "./consent";
import { findApplication, findPrincipal } from "./client";
import type { DeviceCodes } from "./device-codes";
import type { EntraDirectory } from "./directory";
import { describe, EntraError, occurrence, refusals } from "./errors";
import type { IssuedGrants } from "./issued-grants";
import { adminApprovalPage, consentedPage, consentPage, type Consent } from "./pages/consent-page";
import { deviceCodePage, deviceDonePage } from "./pages/device-page";
import { errorPage, explanationPage, signedOutPage } from "./pages/message-page";
import { goBack, refuseBack } from "./return-answer";
import { signInPage } from "./pages/sign-in-page";
import { readScopes } from "./requested-scopes";
import { SignInFlows, type Flow, type Purpose } from "./sign-in-flows";
import { authority, directoryName } from "./tenants";

/** What a browser meets at Entra: authorization requests, the pages of sign-in and consent, signing out. */
export class AuthorizeEndpoint {
  readonly #flows: SignInFlows;

  constructor(
    private readonly azure: Azure,
    private readonly directory: EntraDirectory,
    private readonly issued: IssuedGrants,
    private readonly devices: DeviceCodes,
  ) {
    this.#flows = new SignInFlows(azure.clock);
  }

  readonly routes: Routes = {
    "GET /{tenant}/oauth2/v2.0/authorize": (call) => this.#onPage(call, () => this.#authorize(call)),
    "GET /{tenant}/v2.0/adminconsent": (call) => this.#onPage(call, () => this.#adminConsent(call, "scope")),
    "GET /{tenant}/adminconsent": (call) => this.#onPage(call, () => this.#adminConsent(call, "registered")),
    "GET /device": () => deviceCodePage(),
    "GET /{tenant}/oauth2/deviceauth": () => deviceCodePage(),
    "POST /device": (call) => this.#onPage(call, () => this.#device(call)),
    "POST /{tenant}/login": (call) => this.#onPage(call, () => this.#login(call)),
    "POST /{tenant}/login/switch": (call) => this.#onPage(call, () => this.#switchAccount(call)),
    "POST /{tenant}/consent": (call) => this.#onPage(call, () => this.#consent(call)),
    "GET /{tenant}/oauth2/v2.0/logout": (call) => this.#logout(call),
    "GET /{tenant}/oauth2/logout": (call) => this.#logout(call),
    "GET /error": ({ query }) => explanationPage(query.get("code") ?? ""),
  };

  /** Shows a refusal as a page, because nothing may be sent to an address that is not known to be the application's. */
  async #onPage({ request, query }: Call, answer: () => Response | Promise<Response>): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return errorPage(error, occurrence(request, this.azure.clock), this.#fix(error, query.get("client_id")));
    }
  }

  #authorize(call: Call): Response {
    const where = authority(call.params["tenant"] as string, this.directory.tenant);
    const client = readClient(this.directory, where, call.query);
    const back = readReturnAddress(client.application, call.query);
    let request: AuthorizationRequest;
    try {
      request = readAuthorizationRequest(this.directory, client, back, call.query);
      const signedIn = this.#flows.signedIn(call.request);
      if (request.prompt === "none") return this.#silent(call.request, request, signedIn);
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return this.#refuse(call.request, back, error);
    }
    const { flow, cookies } = this.#flows.begin(call.request, { kind: "authorize", request });
    const signedIn = this.#flows.signedIn(call.request);
    const hinted = request.loginHint?.toLowerCase();
    const another = signedIn && hinted !== undefined && hinted !== signedIn.mail;
    if (!signedIn || another || request.prompt === "login" || request.prompt === "select_account") {
      const offered = request.prompt === "select_account" ? signedIn : undefined;
      return this.#signInPage(call, flow, { account: request.loginHint, signedIn: offered, cookies });
    }
    flow.person = signedIn;
    return this.#proceed(call, flow, cookies);
  }

  /** `prompt=none`: an answer without a page, or a refusal that says which page would be needed. */
  #silent(request: Request, asked: AuthorizationRequest, person: Person | undefined): Response {
    if (!person) throw refusals.loginRequired();
    const { principal, application } = asked.client;
    checkAssigned(this.directory, principal, person);
    const missing = missingOf(this.directory, principal, demandsOf(this.directory, asked.scopes), person);
    if (consentStep(this.directory, missing, person, holdsAnyGrant(this.directory, principal, person)) !== "none") {
      const { number, message, suberror } = refusals.consentRequired(application.appId, application.displayName);
      throw new EntraError(number, "interaction_required", 400, message.replace(/^AADSTS\d+: /, ""), suberror);
    }
    return this.#codeAnswer(request, asked, person, []);
  }

  #adminConsent(call: Call, by: "scope" | "registered"): Response {
    const where = authority(call.params["tenant"] as string, this.directory.tenant);
    const client = readClient(this.directory, where, call.query);
    const back = call.query.has("redirect_uri") ? readReturnAddress(client.application, call.query) : undefined;
    const { appId } = client.application;
    const scope = by === "scope" ? (call.query.get("scope") ?? undefined) : undefined;
    if (by === "scope" && !scope) throw refusals.parameterMissing("scope");
    const demands = scope
      ? demandsOf(this.directory, readScopes(this.directory, appId, scope))
      : registeredDemands(this.directory, appId);
    const purpose: Purpose = { kind: "adminconsent", client, demands, back, scope };
    const { flow, cookies } = this.#flows.begin(call.request, purpose);
    const signedIn = this.#flows.signedIn(call.request);
    if (!signedIn?.administrator) return this.#signInPage(call, flow, { cookies });
    flow.person = signedIn;
    return this.#proceed(call, flow, cookies);
  }

  /** Somebody types the code that a device shows, then signs in for it. */
  async #device(call: Call): Promise<Response> {
    const signIn = this.devices.byUserCode((await this.#fields(call)).get("code") ?? "");
    if (!signIn) return deviceCodePage(refusals.deviceCodeUnknown().message);
    const application = findApplication(this.directory, { kind: "tenant" }, signIn.clientId);
    const client = { application, principal: findPrincipal(this.directory, application) };
    const { flow, cookies } = this.#flows.begin(call.request, { kind: "device", client, signIn });
    return this.#signInPage(call, flow, { signedIn: this.#flows.signedIn(call.request), cookies });
  }

  async #login(call: Call): Promise<Response> {
    const fields = await this.#fields(call);
    const flow = this.#flow(call, fields);
    const account = (fields.get("account") || fields.get("other") || "").trim();
    const person = this.directory.people.find(({ mail }) => mail === account.toLowerCase());
    const again = (error: EntraError): Response => this.#signInPage(call, flow, { account, error: error.message });
    const goesOn = fields.has("continue") && person !== undefined && this.#flows.signedIn(call.request) === person;
    if (!goesOn) {
      if (!person) return again(refusals.personNotFound(account, directoryName(this.directory.tenant)));
      if (fields.get("password") !== this.directory.tenant.password) return again(refusals.passwordWrong());
    }
    if (flow.purpose.kind === "adminconsent" && !person.administrator) return again(refusals.administratorOnly());
    flow.person = person;
    return this.#proceed(call, flow, this.#flows.remember(call.request, person));
  }

  async #switchAccount(call: Call): Promise<Response> {
    const flow = this.#flow(call, await this.#fields(call));
    flow.person = undefined;
    return this.#signInPage(call, flow, {});
  }

  /** Once it is known who signs in: asks for consent where it is needed, else answers the application. */
  #proceed(call: Call, flow: Flow, cookies: string[]): Response {
    const { purpose } = flow;
    const person = flow.person as Person;
    if (purpose.kind === "adminconsent") {
      return consentPage(this.#consentOf(call, flow, purpose.demands, cookies), "everyone");
    }
    if (purpose.kind === "device") {
      // Consent is not asked for here: where it lacks, the device is told so, by AADSTS65001.
      this.#flows.end(flow);
      purpose.signIn.person = person;
      return deviceDonePage(purpose.client.application.displayName, cookies);
    }
    const { request } = purpose;
    const { principal, application } = request.client;
    checkAssigned(this.directory, principal, person);
    const demands = demandsOf(this.directory, request.scopes);
    const missing = missingOf(this.directory, principal, demands, person);
    const step = consentStep(this.directory, missing, person, holdsAnyGrant(this.directory, principal, person));
    if (step === "administrator") {
      const error = refusals.administratorNeeded(application.displayName);
      const description = describe(error, occurrence(call.request, this.azure.clock));
      return adminApprovalPage(this.#consentOf(call, flow, missing, cookies), description);
    }
    const reach = person.administrator ? "choice" : "self";
    if (step === "ask") return consentPage(this.#consentOf(call, flow, missing, cookies), reach);
    if (request.prompt === "consent") return consentPage(this.#consentOf(call, flow, demands, cookies), reach);
    this.#flows.end(flow);
    return this.#codeAnswer(call.request, request, person, cookies);
  }

  async #consent(call: Call): Promise<Response> {
    const fields = await this.#fields(call);
    const flow = this.#flow(call, fields);
    const { purpose, person } = flow;
    if (!person) throw refusals.signInLost();
    this.#flows.end(flow);
    const accepts = fields.get("decision") === "accept";
    if (purpose.kind === "device") throw refusals.signInLost();
    return purpose.kind === "adminconsent"
      ? this.#decideForEveryone(call, purpose, accepts)
      : this.#decide(call, purpose.request, person, accepts, fields.get("everyone") === "yes");
  }

  #decide(call: Call, asked: AuthorizationRequest, person: Person, accepts: boolean, everyone: boolean): Response {
    if (!accepts) return this.#refuse(call.request, asked.back, refusals.consentDeclined());
    const { principal } = asked.client;
    const demands = demandsOf(this.directory, asked.scopes);
    // The page is not to be trusted: what it showed is decided again, now.
    const missing = missingOf(this.directory, principal, demands, person);
    if (
      consentStep(this.directory, missing, person, holdsAnyGrant(this.directory, principal, person)) === "administrator"
    ) {
      return this.#refuse(call.request, asked.back, refusals.administratorNeeded(asked.client.application.displayName));
    }
    grantAll(this.directory, principal, demands, person.administrator && everyone ? undefined : person);
    return this.#codeAnswer(call.request, asked, person, []);
  }

  #decideForEveryone(call: Call, purpose: Purpose & { kind: "adminconsent" }, accepts: boolean): Response {
    const { client, demands, back, scope } = purpose;
    if (!accepts) {
      if (!back) throw refusals.consentDeclined();
      return this.#refuse(call.request, back, refusals.consentDeclined());
    }
    grantAll(this.directory, client.principal, demands, undefined);
    if (!back) return consentedPage(client.application.displayName, demands);
    const answer = new Map([
      ["admin_consent", "True"],
      ["tenant", this.directory.tenant.tenantId],
    ]);
    if (scope) answer.set("scope", scope);
    return goBack(back, answer, []);
  }

  /** Signs out at Entra; goes back only to an address that an application registered. */
  #logout({ request, query }: Call): Response {
    const cookies = this.#flows.forget(request);
    const wanted = query.get("post_logout_redirect_uri");
    const known = [...this.directory.applications.values()].flatMap(redirectUris);
    if (wanted === null || !known.includes(wanted)) return signedOutPage(cookies);
    const state = query.get("state") ?? undefined;
    return goBack({ redirectUri: wanted, state, mode: "query" }, new Map(), cookies);
  }

  #codeAnswer(request: Request, asked: AuthorizationRequest, person: Person, cookies: string[]): Response {
    // A page's code needs a challenge. Told once somebody signed in: Azure-Samples/azure-health-data-and-ai-samples#55
    if (!asked.challenge && platformOf(asked.client.application, asked.back.redirectUri) === "spa")
      return this.#refuse(request, asked.back, refusals.pageWithoutChallenge());
    const code = this.issued.newCode({
      clientId: asked.client.application.appId,
      person,
      redirectUri: asked.back.redirectUri,
      scope: asked.scope,
      nonce: asked.nonce,
      challenge: asked.challenge,
    });
    return goBack(
      asked.back,
      new Map([
        ["code", code],
        ["session_state", randomUUID()],
      ]),
      cookies,
    );
  }

  #refuse(request: Request, back: ReturnAddress, error: EntraError): Response {
    return refuseBack(back, error, occurrence(request, this.azure.clock));
  }

  #signInPage(
    call: Call,
    flow: Flow,
    shown: { account?: string | undefined; signedIn?: Person | undefined; error?: string; cookies?: string[] },
  ): Response {
    const client = flow.purpose.kind === "authorize" ? flow.purpose.request.client : flow.purpose.client;
    return signInPage({
      action: this.#address(call, "login"),
      flow: flow.id,
      application: client.application.displayName,
      people: this.directory.people,
      password: this.directory.tenant.password,
      ...shown,
    });
  }

  #consentOf(call: Call, flow: Flow, demands: readonly Demand[], cookies: string[]): Consent {
    const client = flow.purpose.kind === "authorize" ? flow.purpose.request.client : flow.purpose.client;
    return {
      action: this.#address(call, "consent"),
      switchAction: this.#address(call, "login/switch"),
      flow: flow.id,
      application: client.application.displayName,
      person: flow.person as Person,
      demands,
      cookies,
    };
  }

  #address({ url }: Call, path: string): string {
    return `https://${url.host}/${this.directory.tenant.tenantId}/${path}`;
  }

  async #fields({ request }: Call): Promise<URLSearchParams> {
    return new URLSearchParams(await request.text());
  }

  #flow({ request }: Call, fields: URLSearchParams): Flow {
    const flow = this.#flows.find(request, fields.get("flow") ?? "");
    if (!flow) throw refusals.signInLost();
    return flow;
  }

  /** What a person who runs the local Azure would want to know besides Entra's own text. */
  #fix(error: EntraError, clientId: string | null): string | undefined {
    if (error.number !== 50011 && error.number !== 500113) return undefined;
    const application = clientId ? this.directory.applicationByAppId(clientId) : undefined;
    const registered = application ? redirectUris(application) : [];
    return registered.length
      ? `Registered: ${registered.join(", ")}. The address follows from the bot's residency; one setting decides both.`
      : "Register the Token Service's address on the sign-in application: https://token.botframework.com/.auth/web/redirect, or its residency's own.";
  }
}
