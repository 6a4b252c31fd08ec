import axe from "axe-core";
import { strToU8, zipSync } from "fflate";
import type { Locator, Page } from "playwright-core";
import { TeamsAppAtStart } from "../../local/teams-app";
import { findBrowser } from "../support/browser";
import { root } from "../support/deployed";
import { startedPage, type StartedPage } from "../support/started-page";

const chromium = findBrowser();
const inABrowser = chromium ? describe : describe.skip;

const stack = "teams";

inABrowser("a person meets the deployed bot in Teams on the page", () => {
  let started: StartedPage;
  let page: Page;
  let teams: Locator;

  beforeAll(async () => {
    started = await startedPage(chromium as string, stack);
    ({ page } = started);
    teams = page.locator("#teams");
    const { azure } = started.deployed;
    const app = new TeamsAppAtStart();
    const environment = await azure.deployerEnvironment();
    await app.install(azure, { root, stack, environment }, new AbortController().signal);
    expect(app.told()).toBe("");
    await page.getByRole("button", { name: "Teams", exact: true }).click();
  });
  afterAll(() => started?.close());

  const say = async (text: string): Promise<void> => {
    await teams.getByLabel("Message", { exact: true }).fill(text);
    await page.keyboard.press("Enter");
  };
  const be = async (name: string): Promise<void> => {
    await teams.getByLabel("You are").selectOption({ label: name });
    await heard("Hello. I can read").first().waitFor();
  };
  const heard = (text: string | RegExp): Locator => teams.locator(".by-bot .bubble").filter({ hasText: text });
  const said = (text: string): Promise<number> => teams.locator(".by-you").filter({ hasText: text }).count();
  const windowOf = async (button: string): Promise<Page> => {
    const opened = page.waitForEvent("popup");
    await teams.getByRole("button", { name: button }).last().click();
    const popup = await opened;
    // One that ends by itself may be gone.
    await popup.waitForLoadState().catch(() => undefined);
    return popup;
  };
  const axeFinds = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run("#talk"));
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  };

  test("the app is there after one command, and greets; the person is a user of Teams with nothing to set up", async () => {
    await heard("Hello. I can read").waitFor();
    expect(await teams.locator(".name").innerText()).toMatch(/^Mail bot \(teams\)/);
  });

  test("consent is missing: an administrator gives it in the window, and what was said is answered without saying it again", async () => {
    await be("Sam Okoye");
    await say("mail");
    await teams.getByText("needs your permission before it can sign you in").waitFor();
    const popup = await windowOf("Continue");
    // The window knows who opened it: nobody is asked for a password.
    await popup.getByRole("heading", { name: "Need admin approval" }).waitFor();
    await popup.getByRole("button", { name: "Sign in as an administrator" }).click();
    await popup.getByRole("radio", { name: /Ada Lindgren/ }).check();
    await popup.getByLabel("Password").fill(started.deployed.azure.tenant.password);
    await popup.getByRole("button", { name: "Sign in", exact: true }).click();
    await popup.getByRole("checkbox", { name: /Consent on behalf of your organization/ }).check();
    await popup.getByRole("button", { name: "Accept" }).click();
    // The window is Ada's in the end, and Teams is Sam's: the code is shown, and not handed over.
    await popup.locator("#code").waitFor();
    await popup.close();
    await heard(/newest messages?:/).waitFor();
    expect(await said("mail")).toBe(1);
    await say("who am i");
    await heard("Sam Okoye").waitFor();
  });

  test("another person has chats and a sign-in of her own: she is signed in silently, on both of her devices", async () => {
    await be("Ada Lindgren");
    expect(await heard(/newest messages?:/).count()).toBe(0);
    await teams.getByLabel("Devices").selectOption("browser phone");
    await page.getByRole("button", { name: "Clear" }).click();
    await say("mail");
    await heard(/newest messages?:/).waitFor();
    await page.locator(".ten li.done").nth(9).waitFor();
    await teams.locator(".card, .stage").first().waitFor({ state: "detached" });
    await say("who am i");
    await heard("Ada Lindgren").waitFor();
    // One request, though two devices handed a token over.
    expect(await heard(/newest messages?:/).count()).toBe(1);
  });

  test("in a group chat she is asked and answered without the others seeing it", async () => {
    await teams.getByRole("button", { name: "Group chat" }).click();
    await teams.getByRole("button", { name: "Add", exact: true }).click();
    await say("sign out");
    await heard("You are signed out").waitFor();
    await say("mail");
    await heard(/newest messages?:/).waitFor();
    await heard(/newest messages?:/)
      .getByText("Only you can see this message.")
      .waitFor();
    // The chat that is open already stays as it is when it is pressed again.
    await teams.getByRole("button", { name: "Group chat" }).click();
    expect(await heard(/newest messages?:/).count()).toBe(1);
    await teams.getByLabel("You are").selectOption({ label: "Sam Okoye" });
    await teams.locator(".by-other").filter({ hasText: "@Mail bot mail" }).waitFor();
    expect(await heard(/newest messages?:/).count()).toBe(0);
    await teams.getByRole("button", { name: "Personal chat" }).click();
  });

  test("a failure is switched on: a card is pressed instead, and its window closes by itself", async () => {
    await be("Kim Tanaka");
    await teams.getByRole("group", { name: "Quick replies" }).waitFor();
    expect(await teams.getByRole("group", { name: "Quick replies" }).getByRole("button").allInnerTexts()).toEqual([
      "mail",
      "help",
    ]);
    await teams.getByRole("button", { name: "App and faults" }).click();
    await teams.getByLabel("Silent sign-in").selectOption("resourcematchfailed");
    await teams.getByText("are not the same, or this is a channel").waitFor();
    await teams.getByRole("button", { name: "App and faults" }).click();
    await teams.getByRole("button", { name: "mail", exact: true }).click();
    await teams.getByText("Silent sign-in failed: resourcematchfailed").waitFor();
    const popup = await windowOf("Sign in");
    if (!popup.isClosed()) await popup.waitForEvent("close");
    await heard(/newest messages?:/).waitFor();
    await teams.locator(".card").waitFor({ state: "detached" });
    // Who works by keyboard goes on writing.
    await teams.locator(".write input:focus").waitFor();
  });

  test("a package is refused in a plain sentence, and taken once it is right", async () => {
    await teams.getByRole("button", { name: "App and faults" }).click();
    const file = teams.getByLabel("Upload an app package (zip)");
    const upload = (name: string, files: Record<string, Uint8Array>): Promise<void> =>
      file.setInputFiles({ name, mimeType: "application/zip", buffer: Buffer.from(zipSync(files)) });
    const [app] = started.deployed.azure.teams.apps.list();
    const icon = (data: string): Buffer => Buffer.from(data.split(",")[1] ?? "", "base64");
    const files = { "color.png": icon(app!.icons.color), "outline.png": icon(app!.icons.outline) };
    const manifest = {
      $schema: "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json",
      manifestVersion: "1.29",
      version: "2.0.0",
      id: app!.id,
      accentColor: "#0B6A4D",
      name: { short: "Mail bot, anew", full: "Mail bot, anew" },
      description: { short: "Reads mail", full: "Reads your mail" },
      developer: {
        name: "Contoso",
        websiteUrl: "https://contoso.example",
        privacyUrl: "https://contoso.example",
        termsOfUseUrl: "https://contoso.example",
      },
      icons: { color: "color.png", outline: "outline.png" },
      bots: [{ botId: "00000000-0000-4000-8000-000000000000", scopes: ["personal"] }],
      webApplicationInfo: app!.webApplicationInfo,
    };
    const written = (): Record<string, Uint8Array> => ({
      "manifest.json": strToU8(JSON.stringify(manifest)),
      ...files,
    });
    await upload("other-bot.zip", written());
    await teams.getByRole("alert").getByText("which is no bot with a Teams channel").waitFor();
    manifest.bots[0]!.botId = app!.botId;
    manifest.webApplicationInfo = { id: app!.botId, resource: "api://other" };
    await upload("wrong-resource.zip", written());
    await teams.getByText("will fail with resourcematchfailed: webApplicationInfo.resource is api://other").waitFor();
    manifest.webApplicationInfo = app!.webApplicationInfo;
    await upload("mail-bot.zip", written());
    await teams.getByText(/^Mail bot, anew is in Teams\.\s*$/).waitFor();
    await teams.locator(".name", { hasText: "Mail bot, anew 2.0.0" }).waitFor();
    await teams.locator(".facts dd", { hasText: /^personal$/ }).waitFor();
    await teams.getByRole("button", { name: "App and faults" }).click();
  });

  test.each([
    ["light", 1280],
    ["dark", 390],
  ] as const)("%s at %d pixels axe finds nothing, and nothing is wider than the window", async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    await teams.getByRole("button", { name: "App and faults" }).click();
    expect(await axeFinds()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await teams.getByRole("button", { name: "App and faults" }).click();
  });

  test("the trace shows none of the tokens that Teams had, nor the session by which a window is somebody's", () => {
    const { trace } = started.deployed.azure;
    const seen = JSON.stringify(trace.exchanges().filter(({ caller }) => caller === "Teams"));
    const found = /eyJ[\w-]{8,}\.|LocalEntraSession=[\w-]/.exec(seen)?.[0];
    expect([seen.includes("signin/tokenExchange"), found]).toEqual([true, undefined]);
  });
});
