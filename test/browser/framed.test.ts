import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { findBrowser, launchBrowser } from "../support/browser";
import { deploy, type Deployed } from "../support/deployed";
import { signInAs } from "../support/signed-in-page";

const executable = findBrowser();
const inABrowser = executable ? describe : describe.skip;
const intranet = "https://intranet.contoso.com";
const connection = "GraphConnection";

/** Two real sites under their own names, over https: the intranet, and the bot that it shows in a frame. */
inABrowser("a chat that another site shows in a frame, for people who sign in", () => {
  let deployed: Deployed;
  let browser: Browser;
  let context: BrowserContext;
  let chatAddress: string;

  beforeAll(async () => {
    const chatPage = { framedBy: [intranet], access: { signedInTo: connection } };
    deployed = await deploy({ config: { "bot-sign-in:chatPage": JSON.stringify(chatPage) } });
    chatAddress = String(deployed.outputs.chatAddress);
    browser = await launchBrowser(executable as string);
    const { HTTPS_PROXY: server = "" } = await deployed.azure.environmentFor("person");
    context = await browser.newContext({ proxy: { server, bypass: "localhost" }, ignoreHTTPSErrors: true });
    context.setDefaultTimeout(30_000);
    for (const site of [intranet, "https://evil.example"]) {
      await context.route(`${site}/**`, (route) =>
        route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><iframe id="chat" src="${chatAddress}"></iframe>`,
        }),
      );
    }
  });
  afterAll(async () => {
    await browser?.close();
    await deployed?.close();
  });

  async function open(address: string): Promise<{ page: Page; chat: FrameLocator }> {
    const page = await context.newPage();
    await page.goto(address);
    return { page, chat: page.frameLocator("#chat") };
  }

  test("asks a stranger to sign in, and opens with the code of the sign-in page", async () => {
    const { page, chat } = await open(`${intranet}/`);
    const opened = page.waitForEvent("popup");
    await chat.getByRole("link", { name: "Sign in" }).click();
    const popup = await opened;
    await popup.waitForLoadState();
    await signInAs(popup, "Ada", deployed.azure.tenant.password);
    const code = await popup.locator("#code").innerText();
    await popup.close();
    await chat.getByLabel("Six-digit code").fill(code === "000000" ? "000001" : "000000");
    await chat.getByRole("button", { name: "Open the chat" }).click();
    await chat.getByText("That code is not right. You can try 4 times more.").waitFor();
    await chat.getByLabel("Six-digit code").fill(code);
    await chat.getByRole("button", { name: "Open the chat" }).click();
    await chat.getByText("Hello. I can read").first().waitFor();
    await page.close();
  });

  test("is the same person's when the intranet's page is opened again: she reads her mail without a second sign-in", async () => {
    const { page, chat } = await open(`${intranet}/`);
    const box = chat.locator("[data-id=webchat-sendbox-input], .webchat__send-box-text-box__input").first();
    await box.fill("mail");
    await box.press("Enter");
    await chat.getByText("newest message").first().waitFor();
    const cookies = await context.cookies(chatAddress);
    expect(
      cookies.map(({ name, sameSite, secure, httpOnly, partitionKey }) => ({
        name,
        sameSite,
        secure,
        httpOnly,
        partitionKey,
      })),
    ).toEqual([
      {
        name: "__Host-chat_session",
        sameSite: "None",
        secure: true,
        httpOnly: true,
        partitionKey: "https://contoso.com",
      },
    ]);
    await page.close();
  });

  test("is nobody's where the same browser opens it at its own address: no site shares another's session", async () => {
    const { page } = await open(chatAddress);
    await page.getByRole("heading", { name: "Sign in to chat" }).waitFor();
    await page.close();
  });

  test("offers another sign-in address to whoever comes back to the page: each is good once", async () => {
    const { page } = await open(chatAddress);
    const link = page.getByRole("link", { name: "Sign in" });
    await link.waitFor();
    const first = await link.getAttribute("href");
    const renewed = page.waitForResponse(/\/api\/token$/);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await (await renewed).finished();
    await expect(
      page.waitForFunction((old) => document.querySelector("#sign-in-page")?.getAttribute("href") !== old, first),
    ).resolves.toBeDefined();
    await page.close();
  });

  test("is the same stranger's with every load in the localhost form, which has no https for such a cookie", async () => {
    const { browserOrigin } = deployed.azure;
    const { page } = await open(`${browserOrigin}/${new URL(chatAddress).host}/`);
    await page.getByRole("heading", { name: "Sign in to chat" }).waitFor();
    const before = await context.cookies(page.url());
    await page.reload();
    await page.getByRole("heading", { name: "Sign in to chat" }).waitFor();
    expect(before.map(({ name }) => name)).toEqual([expect.stringMatching(/^p\d+\.__Host-chat_session$/)]);
    expect(await context.cookies(page.url())).toEqual(before);
    await page.close();
  });

  test("is shown by no other site", async () => {
    const { page, chat } = await open("https://evil.example/");
    await expect(chat.getByRole("heading").first().waitFor({ timeout: 2_000 })).rejects.toThrow("Timeout");
    await page.close();
  });

  test("ends with the page's own sign-out: the next one is a stranger", async () => {
    const { page, chat } = await open(`${intranet}/`);
    await chat.getByRole("button", { name: "Sign out" }).click();
    await chat.getByRole("heading", { name: "Sign in to chat" }).waitFor();
    await page.close();
  });
});
