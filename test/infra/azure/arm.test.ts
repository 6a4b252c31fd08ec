import { armClient } from "../../../infra/azure/arm";
import { armError, StandInAccess } from "../provider/stand-in-access";

const id = "/subscriptions/sub/resourceGroups/group/providers/Microsoft.BotService/botServices/my-bot";

/** Gives one prepared answer after the other. */
function answers(...list: (() => Response)[]) {
  let at = 0;
  return new StandInAccess(() => list[Math.min(at++, list.length - 1)]!());
}
const good = (): Response => Response.json({ id, name: "my-bot" });

test("a call carries ARM's token, the API version and JSON", async () => {
  const access = answers(good);
  await armClient(access).put(id, "2023-09-15-preview", { a: 1 });
  const [request] = access.requests;
  expect(request).toMatchObject({ method: "PUT", body: '{"a":1}' });
  expect(request!.url.href).toBe(`https://management.azure.com${id}?api-version=2023-09-15-preview`);
  expect(request!.headers.get("authorization")).toBe("Bearer token");
  expect(request!.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(access.scopes).toEqual(["https://management.azure.com/.default"]);
});

test.each([408, 409, 429, 500, 503])(
  "a passing %d is tried again instead of failing the deployment",
  async (status) => {
    const access = answers(() => armError(status, "Busy"), good);
    expect(await armClient(access).get(id, "v")).toEqual({ id, name: "my-bot" });
    expect(access.waits).toEqual([100]);
  },
);

test("Azure's Retry-After is kept, but not for longer than a minute", async () => {
  const date = "Mon, 30 Nov 2026 07:00:00 GMT";
  const after = (said: string) => () => armError(429, "TooManyRequests", "", { "retry-after": said, date });
  const access = answers(
    after("7"),
    after("3600"),
    after("0"),
    after("Mon, 30 Nov 2026 07:00:09 GMT"),
    after(date),
    after("soon"),
    good,
  );
  await armClient(access).get(id, "v");
  expect(access.waits).toEqual([7_000, 60_000, 0, 9_000, 0, 3_200]);
});

test("what stays busy ends after a bounded time, with Azure's own code and a fix", async () => {
  const access = answers(() => armError(409, "Conflict", "Another operation is in progress."));
  await expect(armClient(access).put(id, "v", {})).rejects.toMatchObject({
    code: "Conflict",
    status: 409,
    message:
      "group/providers/Microsoft.BotService/botServices/my-bot: Another operation is in progress. [Conflict] " +
      "Another operation holds the resource; run it again when it has ended.",
  });
  expect(access.requests).toHaveLength(9);
  expect(access.waits.reduce((sum, wait) => sum + wait)).toBe(25_500);
});

test("a namespace that is not registered fails at once with the command that registers it", async () => {
  const words = "The subscription is not registered to use namespace 'Microsoft.BotService'.";
  const access = answers(() => armError(409, "MissingSubscriptionRegistration", words));
  await expect(armClient(access).put(id, "v", {})).rejects.toMatchObject({
    fix: "Register it once: az provider register --namespace Microsoft.BotService --wait",
  });
  expect(access.waits).toEqual([]);
});

test("a missing right fails at once and says which kind of role is missing", async () => {
  const access = answers(() => armError(403, "AuthorizationFailed", "The client does not have authorization."));
  await expect(armClient(access).get(id, "v")).rejects.toMatchObject({
    code: "AuthorizationFailed",
    fix: expect.stringContaining("Contributor"),
  });
  expect(access.requests).toHaveLength(1);
});

test("an absent resource is undefined where absence is an answer, and an error where it is not", async () => {
  const access = answers(() => armError(404, "ResourceNotFound", "The Resource was not found."));
  expect(await armClient(access).find(id, "v")).toBeUndefined();
  await expect(armClient(access).get(id, "v")).rejects.toMatchObject({ code: "ResourceNotFound", status: 404 });
});

test("a gateway's HTML page does not hide the status", async () => {
  const access = answers(() => new Response("<html>Bad gateway</html>", { status: 502 }));
  await expect(armClient(access).get(id, "v")).rejects.toMatchObject({ code: "Http502", status: 502 });
});

test("a broken connection is tried again, then named with its reason", async () => {
  let calls = 0;
  const broken = (): Response => {
    calls += 1;
    throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND management.azure.com") });
  };
  await expect(armClient(new StandInAccess(broken)).get(id, "v")).rejects.toMatchObject({
    code: "unreachable",
    cause: "https://management.azure.com cannot be reached: getaddrinfo ENOTFOUND management.azure.com",
  });
  expect(calls).toBe(9);
});

test("of what stands in no catalogue Azure's words are told, with the id by which Microsoft's support finds the call", async () => {
  const access = answers(() => armError(418, "SomethingNew", "No.", { "x-ms-request-id": "abc" }));
  await expect(armClient(access).put(id, "v", {})).rejects.toMatchObject({
    fix: "The words above are all that is known of it. Microsoft's support finds it by its request id: abc.",
  });
});

test("a service that never answers is asked twice, not nine times for a hundred seconds each", async () => {
  let calls = 0;
  const hung = (): Response => {
    calls += 1;
    throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
  };
  await expect(armClient(new StandInAccess(hung)).get(id, "v")).rejects.toMatchObject({
    code: "unreachable",
    cause: "https://management.azure.com cannot be reached: it did not answer within 100 s",
  });
  expect(calls).toBe(2);
});

test("a service that asks for an hour each time is given up after five minutes", async () => {
  const access = answers(() => armError(429, "TooManyRequests", "", { "retry-after": "3600" }));
  await expect(armClient(access).get(id, "v")).rejects.toMatchObject({ status: 429 });
  expect(access.now()).toBe(5 * 60_000);
});

test.each([
  ["a gateway's page", "<html>Sign in to the network</html>", "a page of HTML"],
  ["nothing", "", "nothing"],
  ["half a body", '{"name": "my-b', "broken JSON"],
  ["a text in JSON", '"my-bot"', "broken JSON"],
  ["nothing in JSON", "{}", "JSON without id or properties or value"],
  ["somebody else's JSON", '{"status":"ok"}', "JSON without id or properties or value"],
])("a good status with %s is no resource, and says who may stand in between", async (_what, body, words) => {
  const access = answers(() => new Response(body));
  await expect(armClient(access).find(id, "v")).rejects.toMatchObject({
    code: "answer-unreadable",
    cause: `ARM answered 200 with ${words}`,
    fix: expect.stringContaining("HTTPS_PROXY") as string,
  });
});

test("a gateway's 404 is no absence: nothing may be made anew or called missing because of it", async () => {
  const access = answers(() => new Response("<html>Not Found</html>", { status: 404 }));
  await expect(armClient(access).find(id, "v")).rejects.toMatchObject({ code: "Http404", status: 404 });
  await expect(armClient(access).remove(id, "v")).rejects.toMatchObject({ code: "Http404", status: 404 });
});

test("a list goes on at ARM alone, with the port of https or without; one that goes on elsewhere is not read by half", async () => {
  const page = (nextLink?: string) => () => Response.json({ value: [1], nextLink });
  const on = "/subscriptions/sub/things?api-version=v&$skiptoken=2";
  const access = answers(
    page(`https://management.azure.com:443${on}`),
    page(`https://management.azure.com${on}`),
    page(),
  );
  expect(await armClient(access).list("/subscriptions/sub/things", "v")).toEqual([1, 1, 1]);
  expect(access.requests[1]!.url.href).toBe(
    "https://management.azure.com/subscriptions/sub/things?$skiptoken=2&api-version=v",
  );
  const elsewhere = answers(page(`https://management.azure.com.example${on}`));
  await expect(armClient(elsewhere).list("/subscriptions/sub/things", "v")).rejects.toMatchObject({
    cause: "ARM answered 200 with a next page at https://management.azure.com.example",
  });
  expect(elsewhere.requests).toHaveLength(1);
});

test("what is written goes to no other place that an answer names: a redirect is a refusal", async () => {
  const moved = (): Response => new Response("", { status: 307, headers: { location: "https://elsewhere.example/" } });
  const access = answers(moved);
  await expect(armClient(access).put(id, "v", { secret: "s" })).rejects.toMatchObject({ code: "Http307", status: 307 });
  expect(access.requests).toMatchObject([{ redirect: "manual" }]);
});

test("an answer without a list is no empty list", async () => {
  const access = answers(good);
  await expect(armClient(access).list(`${id}/channels`, "v")).rejects.toMatchObject({
    cause: "ARM answered 200 with no list",
  });
});
