import { AzureCalls } from "../../../ops/azure/azure-calls";
import { StandInAccess, type Request } from "../../infra/provider/stand-in-access";

const group = "/subscriptions/s/resourceGroups/bot-pr-7";
const onward = "/v1.0/applications?$skiptoken=2";

const callsBy = (access: StandInAccess): AzureCalls =>
  new AzureCalls({
    fetch: access.fetch,
    token: (scope) => access.token(scope),
    wait: (milliseconds) => access.wait(milliseconds),
    now: () => access.now(),
  });

/** What Graph answers to a batch, one answer for each request of it. */
const batch = (answer: (url: string) => object) => (request: Request) => {
  const { requests } = JSON.parse(request.body ?? "") as { requests: { id: string; url: string }[] };
  return Response.json({ responses: requests.map(({ id, url }) => ({ id, status: 200, body: answer(url) })) });
};

test("a list in a batch goes on at Microsoft Graph alone, with the port of https or without", async () => {
  const pages: Record<string, object> = {
    "/applications": { value: [1], "@odata.nextLink": `https://graph.microsoft.com:443${onward}` },
    "/applications?$skiptoken=2": { value: [2] },
  };
  const access = new StandInAccess(batch((url) => pages[url]!));
  expect(await callsBy(access).batch([{ method: "GET", path: "/applications" }])).toEqual([[1, 2]]);
});

test("a list in a batch that goes on elsewhere is not read by half, and the others are told", async () => {
  const next = `https://graph.microsoft.com.example${onward}`;
  const pages: Record<string, object> = {
    "/applications": { value: [1], "@odata.nextLink": next },
    "/servicePrincipals": { value: [2] },
    "/groups": { status: "ok" },
  };
  const access = new StandInAccess(batch((url) => pages[url]!));
  const answers = await callsBy(access).batch(Object.keys(pages).map((path) => ({ method: "GET", path }) as const));
  expect(answers).toEqual([
    expect.objectContaining({
      code: "answer-unreadable",
      cause: "Microsoft Graph answered 200 with a next page at https://graph.microsoft.com.example",
    }),
    [2],
    expect.objectContaining({ cause: "Microsoft Graph answered 200 with no list" }),
  ]);
  expect(access.requests.map(({ url }) => url.href)).toEqual(["https://graph.microsoft.com/v1.0/$batch"]);
});

test("a batch that is answered with somebody else's JSON is told, and nothing is taken for gone", async () => {
  const access = new StandInAccess(() => Response.json({ status: "ok" }));
  await expect(callsBy(access).batch([{ method: "GET", path: "/applications" }])).rejects.toMatchObject({
    code: "azure-refused",
    cause: "Microsoft Graph answered 200 with JSON without responses",
  });
});

test("an operation is followed at ARM alone, with the port of https or without, until it has ended", async () => {
  const operation = "/subscriptions/s/operationresults/1?api-version=v";
  const deleting = (location: string) => new Response("", { status: 202, headers: { location } });
  const begun = (location: string) =>
    new StandInAccess(({ method }) => (method === "DELETE" ? deleting(location) : new Response("")));
  const own = begun(`https://management.azure.com:443${operation}`);
  await callsBy(own).write("DELETE", `${group}?api-version=v`);
  expect(own.lines).toEqual([`DELETE ${group}`, "GET /subscriptions/s/operationresults/1"]);

  const elsewhere = begun(`https://elsewhere.example${operation}`);
  await expect(callsBy(elsewhere).write("DELETE", `${group}?api-version=v`)).rejects.toMatchObject({
    cause: "ARM answered 202 with the operation that it began at https://elsewhere.example",
  });
  expect(elsewhere.lines).toEqual([`DELETE ${group}`]);
});
