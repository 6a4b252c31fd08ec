import { botServiceVersion } from "../../../infra/azure/bot-service";
import { Person } from "../../support/person";
import { consentForEveryone } from "../../support/sign-in";
import { soon } from "../../support/soon";
import { SetUp } from "../mistakes/set-up";

const redirectUris = ["https://token.botframework.com/.auth/web/redirect"];
const gitHubApp = { host: "github.com", clientId: "Iv23liThreeServices0", name: "Three services app", redirectUris };

/** The example of three services, deployed, and what happens around its users. */
export class World {
  /** The newest tokens that the company's provider gave, by what they are: whoever revokes one has to name it. */
  readonly companyTokens: { access_token: string; refresh_token: string }[] = [];
  readonly #undo: (() => void)[] = [];

  private constructor(readonly setUp: SetUp) {}

  static async open(): Promise<World> {
    const world = new World(
      await SetUp.deploy({ singleSignOn: "true", teams: '{"groups":"targeted"}' }, "three-services"),
    );
    await world.consent();
    world.#keepTokensOf("login.contoso.example");
    return world;
  }

  consent(): Promise<unknown> {
    return consentForEveryone(new Person(), this.setUp.azure, this.setUp.text("signInAppId"));
  }

  #keepTokensOf(host: string): void {
    const service = this.setUp.azure.hosts.find(host);
    if (!service) throw new Error(`nothing serves ${host}`);
    const original = service.handle.bind(service);
    service.handle = async (request) => {
      const answer = await original(request);
      if (new URL(request.url).pathname === "/token" && answer.ok) {
        const { access_token = "", refresh_token = "" } = (await answer.clone().json()) as Record<string, string>;
        this.companyTokens.push({ access_token, refresh_token });
      }
      return answer;
    };
    this.#undo.push(() => (service.handle = original));
  }

  /** Revokes tokens at the company's provider, as the application that has them may (RFC 7009). */
  async revokeAtCompany(kind: "access_token" | "refresh_token"): Promise<void> {
    const client = this.setUp.azure.oauthClients.at("login.contoso.example")[0]!;
    for (const tokens of this.companyTokens.splice(0)) {
      const { status } = await fetch("https://login.contoso.example/token/revocation", {
        method: "POST",
        body: new URLSearchParams({
          token: tokens[kind],
          client_id: client.clientId,
          client_secret: client.clientSecret,
        }),
      });
      if (status !== 200) throw new Error(`revocation: ${status}`);
    }
  }

  /** Takes everybody's consent to Entra's application back, as an administrator does: its refresh tokens are worth nothing then. */
  async takeConsentBack(): Promise<void> {
    const { hand } = this.setUp;
    type Grants = { value: { id: string }[] };
    const { id } = await hand.graph<{ id: string }>(
      "GET",
      `servicePrincipals(appId='${this.setUp.text("signInAppId")}')`,
    );
    const { value } = await hand.graph<Grants>("GET", `servicePrincipals/${id}/oauth2PermissionGrants`);
    for (const grant of value) await hand.graph("DELETE", `oauth2PermissionGrants/${grant.id}`);
  }

  /** Has the bot's GitHub connection be that of an OAuth app, as it was deployed, or of a GitHub App. */
  async useGitHub(kind: "github" | "github-app"): Promise<void> {
    const { azure, hand, bot } = this.setUp;
    const oauthApp = azure.oauthClients.at("github.com").find(({ clientId }) => clientId.startsWith("Ov"))!;
    const { clientId, clientSecret } = kind === "github" ? oauthApp : azure.oauthClients.register(gitHubApp);
    const id = `${bot}/connections/GitHubConnection`;
    const { location, properties } = azure.resources.get(id)!;
    const { scopes, serviceProviderId } = properties;
    await hand.call("PUT", id, botServiceVersion, {
      location,
      properties: { clientId, clientSecret, scopes, serviceProviderId },
    });
  }

  /** Starts the bot anew, and waits until the new process has taken over. */
  async restart(): Promise<void> {
    const before = this.setUp.log.length;
    await this.setUp.restart();
    const stopped = await soon(() => this.setUp.log.slice(before).find((line) => line.includes('"stopping"')), 30_000);
    if (!stopped) throw new Error("the bot did not start anew");
  }

  /** Has GitHub refuse, Entra not know a person, ...: whatever a service is asked below a path answers 503. */
  takeDown(service: string, path?: string): void {
    this.setUp.azure.faults.switchOn({
      kind: "refusal",
      service,
      status: 503,
      code: "ServiceUnavailable",
      ...(path !== undefined && { path }),
    });
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo();
    await this.setUp.close();
  }
}
