import { minute } from "../../contract/time";
import { deploymentServiceErrors } from "../../contract/known-errors/deployment-service";
import { fixOf } from "../../contract/known-errors/known-error";
import { type Access, until } from "../azure/access";
import { AzureCallError, unreachable } from "../azure/azure-call-error";
import { isBusy, retryAfter } from "../azure/call";
import { type Answer, caught, exchange, NoAnswer, objectIn, whyOf } from "../azure/exchange";

/** App Service's own audience; Microsoft's tools moved to it in 2026. The second one is what older sites still take. */
const scopes = ["https://appservice.azure.com/.default", "https://management.core.windows.net/.default"] as const;

/** A settings write restarts the deployment service, which then needs up to two minutes. */
const answersWithin = 5 * minute;
/** Milliseconds that a push may take. */
const takenWithin = 5 * minute;
/** How long somebody else's deployment, or a lock that one left behind, is waited for. */
const freeWithin = 5 * minute;

/** A deployment as the deployment service lists it. Status: 3 failed, 4 succeeded, below 3 under way, 5 conflict. */
interface Deployment {
  readonly id?: string;
  readonly received_time?: string;
  /** Whether it is what the app runs. */
  readonly active?: boolean;
}

/** An app's deployment service (Kudu). */
export interface Scm {
  /** Waits until the service answers 200 twice: one answer may come from a container that is just being replaced. */
  ready(): Promise<void>;
  /** Sends the zip and gives the deployment's id; undefined where the service broke off and the push has to be repeated. */
  publish(zip: Uint8Array): Promise<string | undefined>;
  /** The deployment that the app runs; undefined where the service knows none, or does not say. */
  active(): Promise<string | undefined>;
  /** What the app writes from now on; the answer ends when App Service ends it, or with the signal. */
  logStream(signal: AbortSignal): Promise<Response>;
  /** A file of the app's folder; undefined where it is not there, or the service does not give it. */
  file(name: string): Promise<string | undefined>;
}

/**
 * The deployment service behind a host.
 * Calls: https://github.com/projectkudu/kudu/wiki/REST-API and
 * https://learn.microsoft.com/azure/app-service/deploy-zip#kudu-publish-api
 */
export function scmClient(access: Access, host: string): Scm {
  let scope: (typeof scopes)[number] = scopes[0];
  let lastBefore: string | undefined;

  /** Asks with one fall-back to the other audience where the first gives no token or is refused. */
  const asked = async <One extends { readonly status: number }>(
    send: (authorization: string) => Promise<One>,
  ): Promise<One> => {
    const withToken = async (): Promise<One> => send(`Bearer ${await access.token(scope)}`);
    const answer = await withToken().catch((error: unknown) => {
      if (error instanceof AzureCallError && scope === scopes[0]) return undefined;
      throw error;
    });
    if (answer && answer.status !== 401 && answer.status !== 403) return answer;
    if (scope !== scopes[0]) return answer!;
    scope = scopes[1];
    return withToken();
  };
  /** One call without tries: whoever waits for this service looks again anyway. */
  const call = (path: string, { headers, ...request }: RequestInit = {}, within = minute): Promise<Answer> =>
    asked((authorization) =>
      exchange(access, `https://${host}${path}`, within, {
        ...request,
        headers: { ...(headers as Record<string, string>), authorization },
        redirect: "manual",
      }),
    );
  const latest = async (): Promise<{ status: number; id?: string; refused?: Refused }> => {
    const answer = await call("/api/deployments");
    if ([401, 403].includes(answer.status)) return { status: answer.status, refused: answer };
    if (answer.status !== 200) return { status: answer.status };
    const list = deploymentsIn(answer);
    const [newest] = [...list].sort((one, other) => ((one.received_time ?? "") < (other.received_time ?? "") ? 1 : -1));
    return newest?.id ? { status: 200, id: newest.id } : { status: 200 };
  };

  return {
    async ready() {
      let good = 0;
      let seen = "it gave no answer";
      const ready = await until(access, answersWithin, async () => {
        for (; good < 2; good += 1) {
          const found = await latest().catch(caught);
          if (found instanceof NoAnswer || found.status !== 200) {
            good = 0;
            if (!(found instanceof NoAnswer) && found.refused) throw refused(host, found.refused);
            seen = found instanceof NoAnswer ? found.message : `it answered ${found.status}`;
            return undefined;
          }
          lastBefore = found.id;
        }
        return true;
      });
      if (!ready) {
        throw refusal("scm-unreachable", host, `the deployment service is not ready: ${seen}`);
      }
    },

    async active() {
      const answer = given(await call("/api/deployments").catch(caught));
      return answer.ok ? deploymentsIn(answer).find(({ active }) => active)?.id : undefined;
    },

    // https://github.com/projectkudu/kudu/wiki/Diagnostic-Log-Stream
    async logStream(signal) {
      // Its answer has no end to be read to.
      const answer = await asked((authorization) =>
        access.fetch(`https://${host}/logstream`, { headers: { authorization }, redirect: "manual", signal }),
      ).catch((error: unknown) => {
        if (signal.aborted || error instanceof AzureCallError) throw error;
        throw unreachable(host, "the deployment service", whyOf(error));
      });
      if (answer.ok) return answer;
      await answer.body?.cancel();
      if ([401, 403].includes(answer.status)) throw refused(host, answer);
      const cause = `the deployment service answered ${answer.status} for the log stream`;
      throw refusal("log-stream-refused", host, cause, answer.status);
    },

    async file(name) {
      const answer = given(await call(`/api/vfs/site/wwwroot/${name}`).catch(caught));
      return answer.ok ? answer.text : undefined;
    },

    async publish(zip) {
      // application/json would be read as an address to fetch the zip from.
      const headers = { "content-type": "application/octet-stream" };
      const body = zip as Uint8Array<ArrayBuffer>;
      let answer: Answer | undefined;
      const taken = await until(access, freeWithin, async () => {
        const pushed = await call(
          "/api/publish?type=zip&async=true",
          { method: "POST", headers, body },
          takenWithin,
        ).catch(caught);
        answer = pushed instanceof NoAnswer ? undefined : pushed;
        if (answer?.status !== 409 && answer?.status !== 429) return true;
        await access.wait(retryAfter(answer) ?? 0);
        return undefined;
      });
      if (!taken) throw answer?.status === 429 ? throttled(host) : busy(host);
      if (answer?.ok) return answer.headers.get("scm-deployment-id") ?? (await newId());
      if (answer && [401, 403].includes(answer.status)) throw refused(host, answer);
      if (answer && answer.status < 500) throw notTaken(host, answer);
      // The gateway gives up after 230 s while the work goes on: that deployment is ours, do not push a second one.
      return newId();
    },
  };

  /** What cannot be asked for says nothing of what is there. */
  function given(answer: Answer | NoAnswer): Answer {
    if (answer instanceof NoAnswer) throw unreachable(host, "the deployment service", answer.message);
    if (!isBusy(answer)) return answer;
    throw refusal("scm-away", host, `the deployment service answered ${answer.status}`, answer.status);
  }

  async function newId(): Promise<string | undefined> {
    const found = await latest().catch(() => undefined);
    return found?.id !== lastBefore ? found?.id : undefined;
  }
}

function deploymentsIn({ text }: Answer): readonly Deployment[] {
  const list = objectIn(text);
  return Array.isArray(list) ? (list as Deployment[]) : [];
}

/** What a refusal is told by. */
type Refused = Pick<Response, "status" | "headers">;

function refusal(code: string, host: string, cause: string, status?: number): AzureCallError {
  return new AzureCallError(code, host, cause, fixOf(deploymentServiceErrors, { code, message: cause }), status);
}

/** Kudu itself gives no words to a missing right; what stands before it tells of a closed network. */
function refused(host: string, answer: Refused): AzureCallError {
  const cause = `the deployment service refuses the deploying identity (${answer.status})`;
  const closed = answer.headers.has("x-ms-forbidden-ip") ? ": x-ms-forbidden-ip" : "";
  return refusal("scm-refused", host, `${cause}${closed}`, answer.status);
}

const busy = (host: string): AzureCallError =>
  refusal("scm-busy", host, "another deployment is under way, or one left its lock behind", 409);

const throttled = (host: string): AzureCallError =>
  refusal("scm-throttled", host, "the deployment service limits the rate of calls (429)", 429);

function notTaken(host: string, answer: Answer): AzureCallError {
  const text = answer.text.replace(/\s+/g, " ").slice(0, 300);
  const cause = `the deployment service refused the package with ${answer.status}: ${text}`;
  return refusal("package-refused", host, cause, answer.status);
}
