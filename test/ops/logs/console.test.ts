import { deployerAccess } from "../../../infra/azure/access";
import { followConsole } from "../../../ops/logs/console";
import { StandInAccess } from "../../infra/provider/stand-in-access";

const app = { subscriptionId: "s", resourceGroupName: "g", webAppName: "bot" };
const site = {
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/bot",
  properties: { hostNameSslStates: [{ hostType: "Repository", name: "bot.scm.azurewebsites.net" }] },
};

/** What a person reads who follows an app whose deployment service gives these answers, one a stream. */
async function heard(...answers: (() => Response)[]): Promise<string[]> {
  const ending = new AbortController();
  const texts: string[] = [];
  const access = new StandInAccess(({ url: { pathname } }) => {
    if (pathname !== "/logstream") return Response.json(site);
    const answer = answers.shift();
    if (answer) return answer();
    ending.abort();
    return new Response("");
  });
  await followConsole(access, app, (text) => texts.push(text), ending.signal);
  return texts;
}
const noNetwork = (): never => {
  throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND bot.scm.azurewebsites.net") });
};

test("who follows an app through its restart hears it again, though the service that gives the stream is away for a while", async () => {
  const away = (): Response => new Response("", { status: 503 });
  expect(
    await heard(
      () => new Response("before"),
      away,
      noNetwork,
      () => new Response("after"),
    ),
  ).toEqual(["before", "after"]);
});

test("a service that is away from the beginning, and one that refuses, end it with a sentence", async () => {
  await expect(heard(noNetwork)).rejects.toThrow(
    "the deployment service cannot be reached: getaddrinfo ENOTFOUND bot.scm.azurewebsites.net",
  );
  await expect(heard(() => new Response("", { status: 503 }))).rejects.toThrow("answered 503 for the log stream");
  const refused = (): Response => new Response("", { status: 403 });
  await expect(heard(() => new Response("x"), refused, refused)).rejects.toThrow(
    "refuses the deploying identity (403)",
  );
});

test("Ctrl-C ends the wait between two streams at once", async () => {
  const ending = new AbortController();
  const began = performance.now();
  setTimeout(() => ending.abort(), 20);
  await deployerAccess({}).wait(60_000, ending.signal);
  expect(performance.now() - began).toBeLessThan(10_000);
});
