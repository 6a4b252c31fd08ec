import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import type { Locator, Page } from "playwright-core";
import { TeamsAppAtStart } from "../../local/teams-app";
import { findBrowser } from "../support/browser";
import { root } from "../support/deployed";
import { startedPage, type StartedPage } from "../support/started-page";

const chromium = findBrowser();
const inABrowser = chromium ? describe : describe.skip;
jest.setTimeout(45_000);

const stack = "no-secret";

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
    await popup.waitForLoadState();
    return popup;
  };
  const axeFinds = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run("#talk"));
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  };

  test("the app is there after one command, and greets; the person is a user of Teams with nothing to set up", async () => {
    await heard("Hello. I can read").waitFor();
    expect(await teams.locator(".name").innerText()).toMatch(/^Mail bot without a \(no-secret\)/);
  });

  test("consent is missing: Teams asks for it, and what was said is answered without saying it again", async () => {
    await say("mail");
    await teams.getByText("needs your permission before it can sign you in").waitFor();
    const popup = await windowOf("Continue");
    await popup.getByRole("heading", { name: "Permissions requested" }).waitFor();
    const closed = popup.waitForEvent("close");
    await popup.getByRole("button", { name: "Accept" }).click();
    await heard(/newest messages?:/).waitFor();
    await closed;
    expect(await said("mail")).toBe(1);
  });

  test("from then on she is signed in silently, on both of her devices, and the ten steps are all drawn as done", async () => {
    await say("sign out");
    await heard("You are signed out").waitFor();
    await teams.getByLabel("Devices").selectOption("browser phone");
    await page.getByRole("button", { name: "Clear" }).click();
    await say("mail");
    await heard(/newest messages?:/)
      .nth(1)
      .waitFor();
    await page.locator(".ten li.done").nth(9).waitFor();
    expect(await teams.locator(".card").count()).toBe(0);
    // One request, though two devices handed a token over.
    await say("who am i");
    await heard("Ada Lindgren").waitFor();
    expect(await heard(/newest messages?:/).count()).toBe(2);
  });

  test("another person has a sign-in of his own, and needs an administrator; then his own mail comes", async () => {
    await be("Sam Okoye");
    expect(await heard(/newest messages?:/).count()).toBe(0);
    await say("mail");
    const popup = await windowOf("Continue");
    await popup.getByRole("heading", { name: "Need admin approval" }).waitFor();
    await popup.getByRole("button", { name: "Sign in as an administrator" }).click();
    await popup.getByRole("radio", { name: /Ada Lindgren/ }).check();
    await popup.getByLabel("Password").fill(started.deployed.azure.tenant.password);
    await popup.getByRole("button", { name: "Sign in", exact: true }).click();
    await popup.getByRole("checkbox", { name: /Consent on behalf of your organization/ }).check();
    await popup.getByRole("button", { name: "Accept" }).click();
    // The window was Ada's in the end: what it shows is a code, which is not for Teams.
    await popup.locator("#code").waitFor();
    await popup.close();
    await heard(/newest messages?:/).waitFor();
    await say("who am i");
    await heard("Sam Okoye").waitFor();
    expect(await said("mail")).toBe(1);
  });
});
