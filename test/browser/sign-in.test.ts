import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { deployedBot, ownPages } from "../../local/page";
import { findBrowser, launchBrowser } from "../support/browser";
import { deploy, type Deployed } from "../support/deployed";
import { askForCard, chatIn, pressSignIn, say } from "../support/signed-in-page";

const executable = findBrowser();
const inABrowser = executable ? describe : describe.skip;

inABrowser("a person signs in to the deployed bot in a browser", () => {
  let deployed: Deployed;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let chat: FrameLocator;
  const asked: string[] = [];

  beforeAll(async () => {
    deployed = await deploy({ ownPages: (azure) => ownPages(azure, () => deployedBot(azure)) });
    browser = await launchBrowser(executable as string);
    context = await browser.newContext();
    context.on("request", (request) => asked.push(request.url()));
    page = await context.newPage();
    await page.goto(`${deployed.azure.browserOrigin}/`);
    chat = chatIn(page);
  });
  afterAll(async () => {
    await browser?.close();
    await deployed?.close();
  });

  const heard = (text: string | RegExp) => chat.locator(".webchat__bubble__content").filter({ hasText: text }).last();
  const giveName = async (popup: Page, name: RegExp, password = deployed.azure.tenant.password): Promise<void> => {
    await popup.getByRole("radio", { name }).check();
    await popup.getByLabel("Password").fill(password);
    await popup.getByRole("button", { name: "Sign in", exact: true }).click();
  };

  test("the chat greets, and mail brings a sign-in card", async () => {
    await heard("I can read and send mail").waitFor();
    await askForCard(page, "mail");
  });

  test("the sign-in page shows the people and the password; a wrong one is AADSTS50126; others need an administrator", async () => {
    const popup = await pressSignIn(page);
    await popup.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await popup.getByRole("radio").count()).toBe(deployed.azure.tenant.people.length + 1);
    expect(await popup.locator("#hint").innerText()).toContain(deployed.azure.tenant.password);
    await giveName(popup, /Sam Okoye/, "wrong");
    expect(await popup.getByRole("alert").innerText()).toContain("AADSTS50126");
    // Who works by keyboard, or hears the page, goes on at what is wrong.
    await popup.locator("#error:focus").waitFor();
    await giveName(popup, /Sam Okoye/);
    await popup.getByRole("heading", { name: "Need admin approval" }).waitFor();
    await popup.close();
  });

  test("the administrator's consent page names the scopes; then the mail is in the chat, without a code", async () => {
    await askForCard(page, "mail");
    let popup = await pressSignIn(page);
    // Sam is still signed in at Entra in this browser: the page offers to switch.
    await popup.getByRole("button", { name: "Sign in as an administrator" }).click();
    await giveName(popup, /Ada Lindgren/);
    await popup.getByRole("heading", { name: "Permissions requested" }).waitFor();
    const scopes = await popup.getByRole("list").innerText();
    for (const scope of ["User.Read", "Mail.Read", "Mail.Send"]) expect(scopes).toContain(scope);
    // Who declines reads where he stands what to do next.
    await popup.getByRole("button", { name: "Cancel" }).click();
    await popup.getByText("close this window, press the sign-in button in the chat again, and accept").waitFor();
    await popup.locator("#message:focus").waitFor();
    await popup.close();
    popup = await pressSignIn(page);
    await popup.getByRole("heading", { name: "Permissions requested" }).waitFor();
    await popup.getByRole("checkbox", { name: /Consent on behalf of your organization/ }).check();
    const closed = popup.waitForEvent("close");
    await popup.getByRole("button", { name: "Accept" }).click();
    await heard(/newest messages?:/).waitFor();
    await closed;
    // The first request's missing consent is of that request.
    await page.locator(".ten li.done").nth(9).waitFor();
    expect(await chat.locator("body").innerText()).not.toMatch(/\b\d{6}\b/);
  });

  test("who am i, send, help and sign out; after signing out mail asks again", async () => {
    await say(page, "who am i");
    await heard("Ada Lindgren").waitFor();
    await say(page, "send sam@contoso.example Hello from a browser, see https://evil.com and evil.com/login");
    await heard("Sent to sam@contoso.example").waitFor();
    await say(page, "help");
    await heard("I understand").waitFor();
    await say(page, "sign out");
    await heard("You are signed out.").waitFor();
    await askForCard(page, "mail");
  });

  test("Change person ends the browser's session at Entra, so that the next sign-in asks who it is", async () => {
    await page.getByRole("button", { name: "Change person" }).click();
    await page.getByText("Signed out: Entra ID, GitHub, Company identity provider").waitFor();
    const popup = await pressSignIn(page);
    await popup.getByRole("radio", { name: /Kim Tanaka/ }).waitFor();
    await popup.close();
    await askForCard(page, "mail");
  });

  test("a second browser with the first one's sign-in address gets a code; a wrong code fails, the right one completes", async () => {
    // The first browser never opens it: its owner passes it on.
    const passedOn = new Promise<string>((found) => {
      void context.route(/\/api\/oauth\/signin/, (route) => route.abort().then(() => found(route.request().url())));
    });
    await chat.locator("button.ac-pushButton").last().click();
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    await other.goto(await passedOn);
    await giveName(other, /Sam Okoye/);
    const code = await other.locator("#code").innerText();
    expect(code).toMatch(/^\d{6}$/);

    await say(page, "who am i");
    await heard("You are not signed in").waitFor();
    await say(page, code === "000000" ? "000001" : "000000");
    await heard("That code is not right").waitFor();
    await say(page, code);
    // Sam reads the mail that Ada sent: the right person's mailbox, and the mail arrived.
    await heard("Hello from a browser").waitFor();
    // What strangers write is no link, not even where the chat makes links of addresses by itself.
    expect(await chat.locator(".webchat__bubble:not(.webchat__bubble--from-user) a[href*='evil']").count()).toBe(0);
    await say(page, "who am i");
    await heard("Sam Okoye").waitFor();
    await stranger.close();
  });

  test("the links inside the bot's texts lead to this local Azure, not out of the laptop", async () => {
    const follow = async (text: string, name: RegExp): Promise<Page> => {
      const links = chat.getByRole("link", { name });
      const before = await links.count();
      await say(page, text);
      // An older one moves away under the pointer while the answer comes.
      await links.nth(before).waitFor();
      const [opened] = await Promise.all([context.waitForEvent("page"), links.nth(before).click()]);
      return opened;
    };
    const left = await follow("sign out", /sign out at Microsoft/);
    await left.getByRole("heading", { name: "You are signed out" }).waitFor();
    await left.close();
    const explained = await follow("AADSTS99999", /Microsoft explains it/);
    await explained.getByRole("heading", { name: "AADSTS99999" }).waitFor();
    await explained.close();
  });

  test("nothing was asked of any other machine", () => {
    const elsewhere = asked.filter((url) => !/^(data|blob):/.test(url) && new URL(url).hostname !== "localhost");
    expect(elsewhere).toEqual([]);
  });
});
