import type { Health } from "../../../contract/app-settings";
import { armError, type Request, StandInAccess } from "../provider/stand-in-access";

const site = "/subscriptions/sub/resourceGroups/group/providers/Microsoft.Web/sites/my-app";

export const target = {
  subscriptionId: "sub",
  resourceGroupName: "group",
  webAppName: "my-app",
  hash: "new-hash",
  healthUrl: "https://my-app-x1.example/healthz",
};

export function health(change: Partial<Health> & { hash?: string } = {}): Health {
  const { hash = target.hash, ...rest } = change;
  return { status: "well", build: { version: "1.0.0", hash }, checks: [], connections: ["mail"], ...rest };
}

/** What a web app answers, each a list: the last answer stays. */
export interface Behaviour {
  site: (() => Response)[];
  references: ({ name: string; status: string }[] | undefined)[];
  scm: (() => Response)[];
  publish: (() => Response)[];
  status: (string | undefined)[];
  health: (Health | (() => Response))[];
  /** Status of an answer to an activity. */
  messages: number[];
  /** Content of `build.json` in the app's folder. */
  folder: (string | undefined)[];
}

/** ARM, deployment service and health page of one web app that behaves well unless told otherwise. */
export class WebAppStandIn {
  readonly access: StandInAccess;
  readonly behaviour: Behaviour;
  readonly #asked = new Map<string, number>();

  constructor(change: Partial<Behaviour> = {}, tokens?: (scope: string) => string) {
    this.behaviour = {
      site: [
        () =>
          Response.json({
            properties: {
              hostNameSslStates: [
                { name: "my-app-x1.example", hostType: "Standard" },
                { name: "my-app-x1.scm.example", hostType: "Repository" },
              ],
            },
          }),
      ],
      references: [[{ name: "MicrosoftAppPassword", status: "Resolved" }]],
      scm: [() => Response.json([])],
      publish: [() => new Response(null, { status: 202, headers: { "scm-deployment-id": "d-1" } })],
      status: ["RuntimeSuccessful"],
      health: [health()],
      messages: [401],
      folder: [undefined],
      ...change,
    };
    this.access = new StandInAccess((request) => this.#answer(request), tokens);
  }

  /** Requests in short: `GET site`, `POST refresh`, `POST publish`, ... */
  get steps(): string[] {
    return this.access.requests.map((request) => `${request.method} ${stepOf(request)}`);
  }

  #next<Answer>(of: keyof Behaviour): Answer {
    const list = this.behaviour[of] as Answer[];
    const at = this.#asked.get(of) ?? 0;
    this.#asked.set(of, at + 1);
    return list[Math.min(at, list.length - 1)]!;
  }

  #answer(request: Request): Response {
    switch (stepOf(request)) {
      case "site":
        return this.#next<() => Response>("site")();
      case "references": {
        const rows = this.#next<{ name: string; status: string }[] | undefined>("references");
        if (!rows) return armError(404, "NotFound");
        return Response.json({ value: rows.map(({ name, status }) => ({ name, properties: { status } })) });
      }
      case "refresh":
        return Response.json({ value: [] });
      case "deployments":
        return this.#next<() => Response>("scm")();
      case "publish":
        return this.#next<() => Response>("publish")();
      case "health": {
        const answer = this.#next<Health | (() => Response)>("health");
        if (typeof answer === "function") return answer();
        return Response.json(answer, { status: answer.status === "well" ? 200 : 503 });
      }
      case "messages":
        return new Response(null, { status: this.#next<number>("messages") });
      case "folder": {
        const content = this.#next<string | undefined>("folder");
        return new Response(content ?? null, { status: content === undefined ? 404 : 200 });
      }
      case "start":
      case "stop":
        return Response.json({});
      default: {
        const status = this.#next<string | undefined>("status");
        return status ? Response.json({ properties: { status } }) : armError(404, "NotFound");
      }
    }
  }
}

function stepOf({ url }: Request): string {
  if (url.host === "my-app-x1.example") return url.pathname === "/healthz" ? "health" : "messages";
  if (url.pathname === "/api/vfs/site/wwwroot/build.json") return "folder";
  if ([`${site}/start`, `${site}/stop`].includes(url.pathname)) return url.pathname.slice(site.length + 1);
  if (url.host === "my-app-x1.scm.example") return url.pathname === "/api/publish" ? "publish" : "deployments";
  if (url.pathname === site) return "site";
  if (url.pathname === `${site}/config/configreferences/appsettings`) return "references";
  if (url.pathname === `${site}/config/configreferences/appsettings/refresh`) return "refresh";
  return url.pathname.replace(`${site}/deploymentStatus/`, "status ");
}
