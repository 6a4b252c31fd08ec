import { readFileSync } from "node:fs";
import type { APIResponse, Browser, BrowserContext, Page } from "playwright-core";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { ownPages } from "../../local/page";
import { findBrowser, launchBrowser } from "../support/browser";
import { deploy, type Deployed } from "../support/deployed";
import { pageToken } from "../support/page-token";
import { askForCard, chatIn, pressSignIn, say, signInAs } from "../support/signed-in-page";

const chromium = findBrowser();
const withBrowser = chromium ? describe : describe.skip;

withBrowser("the page in a browser", () => {
  let deployed: Deployed;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const foreign: string[] = [];
  const complaints: string[] = [];
  let host = "";

  beforeAll(async () => {
    deployed = await deploy({ ownPages: (azure) => ownPages(azure, () => (host ? { host } : undefined)) });
    browser = await launchBrowser(chromium as string);
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
    context.setDefaultTimeout(6_000);
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.hostname !== "localhost") foreign.push(request.url());
    });
    page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await deployed?.close();
  });

  /** What the page itself sends, with its token. */
  async function own(path: string, body?: object): Promise<APIResponse> {
    const headers = { "page-token": await pageToken(deployed.azure) };
    const address = `${deployed.azure.browserOrigin}${path}`;
    return body ? page.request.post(address, { headers, data: body }) : page.request.get(address, { headers });
  }
  const post = async (path: string, body: object): Promise<number> => (await own(path, body)).status();

  /** What axe-core finds wrong with the page itself; the chat's frame is the bot's. */
  async function violations(): Promise<string[]> {
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    return page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: {
          run(context: object, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      };
      const { violations } = await axe.run({ exclude: ["#chat"] }, { iframes: false });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
    });
  }

  test("the chat opens by itself as soon as there is a bot", async () => {
    await page.goto(`${deployed.azure.browserOrigin}/`);
    await page.getByText("No bot is deployed yet").waitFor();
    host = new URL(String(deployed.outputs.chatAddress)).host;
    await chatIn(page).getByRole("heading", { name: "Mail bot" }).waitFor();
  });

  test("consent is missing: it is given for everyone where that is explained, and the sign-in goes on", async () => {
    await askForCard(page, "mail");
    const popup = await pressSignIn(page);
    await signInAs(popup, "Sam", deployed.azure.tenant.password);
    await popup.getByRole("heading", { name: "Need admin approval" }).waitFor();
    await popup.close();
    expect(await page.locator(".ten li.refused").innerText()).toContain("You sign in");
    const explained = page.locator(".sequence .mistake", { hasText: "Known mistake 18" });
    await explained.getByRole("button", { name: "Consent for everyone" }).click();
    await explained.getByText(/^Granted for everyone: Mail bot.*Mail\.Read/).waitFor();
    await pressSignIn(page);
    await chatIn(page).getByText("newest message").first().waitFor();
    await page.locator(".ten li.done").nth(9).waitFor();
    await say(page, "sign out");
    await chatIn(page).getByText("You are signed out.").first().waitFor();
    await page.getByRole("button", { name: "Change person" }).click();
    await page.getByText("Signed out: Entra ID").waitFor();
    // The sign-out ended the browser's session: a new one, for who comes next.
    await page.reload();
    await chatIn(page).getByText("Hello. I can read").first().waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
  });

  test("a sign-in fills all ten steps, in order", async () => {
    await askForCard(page, "mail");
    await signInAs(await pressSignIn(page), "Ada", deployed.azure.tenant.password);
    await page.locator(".ten li.done").nth(9).waitFor();
    expect(await page.locator(".ten li.done").count()).toBe(10);
    expect(await page.locator(".row.refused").count()).toBe(0);
    const last = page.locator(".row", { hasText: "/v1.0/me/mailFolders/inbox/messages" }).last();
    expect(await last.innerText()).toMatch(
      /^10\s*Bot to Microsoft Graph:\s*Microsoft Graph GET \/v1\.0\/me\/mailFolders\/inbox\/messages\s*200\s*\d+ ms/,
    );
  });

  test("the next request begins the ten steps anew", async () => {
    await say(page, "help");
    await chatIn(page).getByText("I understand:").first().waitFor();
    await page.locator(".ten li.done").nth(2).waitFor({ state: "detached" });
    expect((await page.locator(".ten li.done").allInnerTexts()).map((text) => parseInt(text, 10))).toEqual([1, 2]);
  });

  test("an arrow opens request and answer, by keyboard; the token is described and never shown", async () => {
    await page.locator(".row", { hasText: "/v1.0/me/mailFolders/inbox/messages" }).last().focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Bot to Microsoft Graph" });
    await dialog.waitFor();
    const text = await dialog.innerText();
    expect(text).toMatch(/authorization\s*Bearer \(user's access token: audience .*scopes .*Mail\.Read.*expires /);
    expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("the trace holds no token, no secret of an application and nothing of the vault", async () => {
    const { azure } = deployed;
    const everything = JSON.stringify(azure.trace.exchanges());
    expect(everything).not.toMatch(/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./);
    expect(everything).not.toContain(azure.tenant.deployer.clientSecret);
    const [identity] = azure.resources.list("Microsoft.ManagedIdentity/userAssignedIdentities");
    const secrets = azure.resources.list("Microsoft.KeyVault/vaults/secrets").map(({ properties }) => {
      const read = azure.vaults.read(String(properties.secretUri), String(identity?.properties.principalId));
      return "value" in read ? read.value : "";
    });
    // Direct Line's, and each of the two that are rotated in both of its places.
    expect(secrets).toHaveLength(5);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(everything.includes(secret)).toBe(false);
    }
  });

  test("the second tab draws what was deployed; a press on a box tells who reads it", async () => {
    await page.getByRole("tab", { name: "Ten steps" }).focus();
    await page.keyboard.press("ArrowRight");
    const drawing = page.getByRole("region", { name: "Picture of what was deployed" });
    await drawing.getByRole("button", { name: /^Secret ?bot-app-password$/ }).press("Enter");
    const about = await page.locator(".about").innerText();
    expect(about).toMatch(/MicrosoftAppPassword/);
    expect(about).toMatch(/ends\s*\d{4}-\d\d-\d\d/);
    expect(await drawing.locator(".box.missing").count()).toBe(0);
    const mermaid = await (await own("/picture.mmd")).text();
    expect(mermaid).toMatch(/^flowchart LR\n/);
    expect(mermaid).toContain('|"MicrosoftAppPassword"|');
  });

  test("a fault from the panel is seen in the chat and red at its step with its number and fix", async () => {
    await page.getByRole("tab", { name: "Faults" }).click();
    await page.getByRole("button", { name: "Switch on: Graph denies access to the mailbox" }).click();
    await page.getByText("Microsoft Graph refuses every call to /me/mailFolders: 403 ErrorAccessDenied").waitFor();
    await page.getByRole("button", { name: "Switch on: The Token Service does not know the connection" }).click();
    await page.locator(".on li").nth(1).waitFor();
    await say(page, "mail");
    await page.getByRole("tab", { name: "Ten steps" }).click();
    await page.locator(".mistake", { hasText: "Known mistake 8" }).first().waitFor();
    expect(await page.locator(".ten li.refused").first().innerText()).toContain("The bot asks the Token Service");
    // A step that failed stops the later ones.
    const told = await page.locator(".ten li").evaluateAll((steps) => steps.map(({ className }) => className));
    expect(told).toEqual(["done", "done", "refused", ...Array<string>(7).fill("open")]);
    expect(await page.locator(".mistake").last().innerText()).toContain("Give the connection one name");

    await page.getByRole("tab", { name: "Faults" }).click();
    await page.getByRole("button", { name: /^Switch off: Token Service/ }).click();
    await page.locator(".on li").nth(1).waitFor({ state: "detached" });
    await say(page, "mail");
    await chatIn(page).getByText("did not allow it").first().waitFor();
    await page.getByRole("button", { name: "All off" }).click();
    await page.getByText("No fault is on").waitFor();
  });

  test("two hours later the chat's token has expired; opened anew, the user is still signed in", async () => {
    expect(await post("/faults/on", { fault: "clock:2h" })).toBe(200);
    await say(page, "mail");
    await chatIn(page).getByText("Send failed").first().waitFor();
    await page.getByRole("button", { name: "New chat" }).click();
    await chatIn(page).getByText("Hello. I can read").first().waitFor();
    await say(page, "mail");
    await chatIn(page).getByText("newest message").first().waitFor();
    // The new conversation has a list of its own.
    await page.locator(".talks option", { hasText: /^Web chat \(2\)$/ }).waitFor({ state: "attached" });
    expect(await page.locator(".talks option").allInnerTexts()).toEqual([
      "The newest: Web chat (2)",
      "Web chat",
      "Web chat (2)",
    ]);
    expect(await post("/faults/clock-back", {})).toBe(200);
    expect(deployed.azure.clock.ahead).toBe(0);
  });

  test("no other page can switch a fault on or see an exchange, the bot's own chat page in the frame neither", async () => {
    const { browserOrigin, faults } = deployed.azure;
    const foreign = await page.request.post(`${browserOrigin}/faults/on`, {
      headers: { origin: "https://evil.example", "page-token": await pageToken(deployed.azure) },
      data: { fault: "graph-403" },
    });
    expect(foreign.status()).toBe(403);
    const frame = page.frames().find((one) => one.parentFrame() === page.mainFrame());
    const tried = await frame?.evaluate(async () => {
      const html = await (await fetch("/")).text();
      const switched = await fetch("/faults/on", { method: "POST", body: JSON.stringify({ fault: "graph-403" }) });
      const seen = await fetch("/exchange?number=1");
      const token = parent.document.querySelector('meta[name="page-token"]');
      return [html.includes("page-token"), token, switched.status, seen.status];
    });
    expect(tried).toEqual([false, null, 403, 403]);
    expect(faults.list()).toEqual([]);
  });

  test("a page that stays open while the local Azure is started anew loads itself again, and works", async () => {
    const start = (port: number): Promise<LocalAzure> =>
      startLocalAzure({ port, ownPages: (azure) => ownPages(azure, () => undefined) });
    const first = await start(0);
    const other = await context.newPage();
    await other.goto(`${first.browserOrigin}/`);
    await other.getByRole("tab", { name: "Faults" }).click();
    await other.getByText("No fault is on").waitFor();
    await first.close();
    const second = await start(Number(new URL(first.browserOrigin).port));
    second.faults.switchOn({ kind: "latency", service: "Microsoft Graph", milliseconds: 5 });
    try {
      await other.getByText("No fault is on").waitFor({ state: "detached", timeout: 20_000 });
      await other.getByRole("tab", { name: "Faults" }).click();
      await other.getByText("Microsoft Graph answers 5 ms late").waitFor();
    } finally {
      await other.close();
      await second.close();
    }
  });

  describe.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("%s at %d pixels", (colorScheme, width) => {
    test("axe finds nothing, and nothing is wider than the window", async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      for (const tab of ["Ten steps", "What was deployed", "Faults"]) {
        await page.getByRole("tab", { name: tab }).click();
        await page.locator(".panel:not([hidden]) h1").waitFor();
        if (tab === "What was deployed") await page.locator(".box, .card").first().waitFor();
        expect({ tab, found: await violations() }).toEqual({ tab, found: [] });
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wider).toBeLessThanOrEqual(0);
      }
    });
  });

  test("at 390 pixels the chat comes first, and is a tab like the others", async () => {
    await page.reload();
    await page.getByRole("tab", { name: "Faults" }).waitFor();
    expect(await page.getByRole("tab").allInnerTexts()).toEqual(["Chat", "Ten steps", "What was deployed", "Faults"]);
    expect(await page.getByRole("tab", { selected: true }).innerText()).toBe("Chat");
    expect(await page.locator("#chat").isVisible()).toBe(true);
    await page.getByRole("tab", { name: "Ten steps" }).click();
    await page.locator("#chat").waitFor({ state: "hidden" });
  });

  test("no request left the machine, and no content security policy was broken", () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
