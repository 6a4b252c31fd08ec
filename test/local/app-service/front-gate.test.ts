import { archiveOf, createCloud, echoApp, siteBody, type Cloud } from "./cloud";

// What App Service's front end refuses before the app sees a request: a bot behind it is silent, and its log is empty.

let cloud: Cloud;
const host = "https://echo-bot.azurewebsites.net";

beforeAll(async () => {
  cloud = await createCloud();
  await cloud.arm("PUT", cloud.siteId, siteBody(cloud));
  expect((await cloud.push(archiveOf({ "index.js": echoApp }))).status).toBe(200);
  await cloud.logged("listening");
});
afterAll(() => cloud.close());

const patch = (path: string, properties: object) => cloud.arm("PATCH", `${cloud.siteId}${path}`, { properties });
const message = async (path = "/api/messages"): Promise<[number, string]> => {
  const answer = await cloud.ask(`${host}${path}`, { method: "POST", body: "{}" });
  return [answer.status, await answer.text()];
};

test("access rules: the first that fits decides, and with any rule who fits none is refused", async () => {
  const office = { ipAddress: "203.0.113.0/24", action: "Allow", priority: 100, name: "office" };
  await patch("/config/web", { ipSecurityRestrictions: [office] });
  const { body } = await cloud.arm("GET", `${cloud.siteId}/config/web`);
  expect(body.properties.ipSecurityRestrictions).toEqual([
    office,
    expect.objectContaining({ ipAddress: "Any", action: "Deny", name: "Deny all" }),
  ]);
  expect(await message()).toEqual([403, expect.stringContaining("Ip Forbidden")]);
  const here = { ipAddress: "127.0.0.0/8", action: "Allow", priority: 90, name: "here" };
  await patch("/config/web", { ipSecurityRestrictions: [office, here] });
  expect((await message())[0]).toBe(200);
  await patch("/config/web", { ipSecurityRestrictions: [] });
  expect((await message())[0]).toBe(200);
});

test("access rules: the action for all others decides where none fits, with rules and without any", async () => {
  const office = { ipAddress: "203.0.113.0/24", action: "Deny", priority: 100, name: "office" };
  await patch("/config/web", { ipSecurityRestrictions: [office], ipSecurityRestrictionsDefaultAction: "Allow" });
  expect((await message())[0]).toBe(200);
  await patch("/config/web", { ipSecurityRestrictions: [], ipSecurityRestrictionsDefaultAction: "Deny" });
  expect((await message())[0]).toBe(403);
  await patch("/config/web", { ipSecurityRestrictionsDefaultAction: "Allow" });
  expect((await message())[0]).toBe(200);
});

test("client certificates: required, nobody without one gets in, save at the paths left out", async () => {
  const site = { clientCertEnabled: true, clientCertMode: "Required", clientCertExclusionPaths: "/open" };
  await patch("", site);
  expect(await message()).toEqual([403, expect.stringContaining("Client Certificate Required")]);
  expect((await message("/open/door"))[0]).toBe(200);
  await patch("", { ...site, clientCertMode: "Optional" });
  expect((await message())[0]).toBe(200);
  await patch("", { clientCertEnabled: false });
});

test("App Service's own sign-in: channels get 401, browsers are sent to sign in, the paths left out stay open", async () => {
  const settings = () => cloud.arm("GET", `${cloud.siteId}/config/authsettingsV2/list`);
  expect((await settings()).body.properties).toEqual({ platform: { enabled: false } });
  const path = `${cloud.siteId}/config/authsettingsV2`;
  const globalValidation = { requireAuthentication: true, unauthenticatedClientAction: "RedirectToLoginPage" };
  const written = await cloud.arm("PUT", path, { properties: { platform: { enabled: true }, globalValidation } });
  expect(written.status).toBe(200);
  expect((await settings()).body.properties).toEqual({ platform: { enabled: true }, globalValidation });
  expect(await message()).toEqual([401, "You do not have permission to view this directory or page."]);
  const browser = await cloud.ask(`${host}/page`, { headers: { "user-agent": "Mozilla/5.0" }, redirect: "manual" });
  expect([browser.status, browser.headers.get("location")]).toEqual([
    302,
    "/.auth/login/aad?post_login_redirect_uri=%2Fpage",
  ]);
  const excluded = { ...globalValidation, excludedPaths: ["/api/messages"] };
  await cloud.arm("PUT", path, { properties: { platform: { enabled: true }, globalValidation: excluded } });
  expect((await message())[0]).toBe(200);
  expect((await message("/else"))[0]).toBe(401);
  await cloud.arm("PUT", path, { properties: { platform: { enabled: false } } });
  expect((await message("/else"))[0]).toBe(200);
});
