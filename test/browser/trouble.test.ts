import type { Browser, BrowserContext, Locator, Page, WebSocketRoute } from "playwright-core";
import { clockSteps, knownFaults } from "../../local/door/known-faults";
import { faultNamed, switchOn } from "../../local/page/fault-panel";
import { findBrowser, launchBrowser } from "../support/browser";
import { deploy, type Deployed } from "../support/deployed";
import { signInAs } from "../support/signed-in-page";

const executable = findBrowser();
const inABrowser = executable ? describe : describe.skip;

const expired = "This chat has expired. Start again to go on; you stay signed in.";
const unreachable = "The chat cannot be reached. Check your network, then start again.";
const ended = "The connection to the chat has ended. Start again to go on; you stay signed in.";
const offline = "You are offline. What you write now is not sent.";
const undelivered =
  "Your message was not delivered, or its answer was lost. If it was to send a mail, look in Sent Items before you send it again.";
const unavailable = "The chat cannot be opened right now.";

inABrowser("the chat page tells the person what is wrong", () => {
  let deployed: Deployed;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let address: string;
  const errors: string[] = [];

  beforeAll(async () => {
    deployed = await deploy();
    const { host } = new URL(String(deployed.outputs.chatAddress));
    address = `${deployed.azure.browserOrigin}/${host}/`;
    browser = await launchBrowser(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    await deployed?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 800, height: 600 } });
    context.setDefaultTimeout(30_000);
    page = await context.newPage();
    page.on("pageerror", (error) => errors.push(String(error)));
  });
  afterEach(async () => {
    await context.close();
    deployed.azure.faults.switchOff();
    if (deployed.azure.clock.ahead !== 0) await deployed.azure.moveClock(-deployed.azure.clock.ahead);
    expect(errors).toEqual([]);
  });

  const fault = async (text: string): Promise<void> => switchOn(deployed.azure, faultNamed(deployed.azure, text));
  const opened = (): Promise<void> => page.getByText("Hello. I can read").first().waitFor();
  const openChat = async (): Promise<void> => {
    await page.goto(address);
    await opened();
  };
  const say = async (text: string): Promise<void> => {
    const box = page.locator("[data-id=webchat-sendbox-input], .webchat__send-box-text-box__input").first();
    await box.fill(text);
    await box.press("Enter");
  };
  const notice = (): Locator => page.locator("#problem");
  const told = async (text: string): Promise<void> => notice().getByText(text, { exact: true }).waitFor();
  const startAgain = (): Locator => notice().getByRole("button", { name: "Start again" });
  const sendFailed = (): Locator => page.getByText("Send failed").first();
  const signIn = async (): Promise<void> => {
    await say("mail");
    const popup = page.waitForEvent("popup");
    await page.locator("button.ac-pushButton").last().click();
    await signInAs(await popup, "Ada", deployed.azure.tenant.password);
    await page.getByText("newest message").first().waitFor();
  };
  const mailAgain = async (): Promise<void> => {
    await startAgain().click();
    await opened();
    await say("mail");
    await page.getByText("newest message").first().waitFor();
  };

  /** What the panel of faults promises of the chat page, kept: by fault, or by several that one chat goes through in turn. */
  const promises: Record<string, () => Promise<void>> = {
    "vault-forbidden": async () => {
      await fault("vault-forbidden");
      await fault("clock:1h");
      await page.goto(address);
      await told(unavailable);
      expect(await page.locator("#loading").isVisible()).toBe(false);
      deployed.azure.faults.switchOff();
      await startAgain().click();
      await opened();
    },
    "bot-down": async () => {
      await openChat();
      await fault("bot-down");
      await say("help");
      await sendFailed().waitFor();
      await told(undelivered);
      expect(await startAgain().isVisible()).toBe(false);
      deployed.azure.faults.switchOff();
      await page.getByRole("button", { name: "Retry" }).click();
      await page.getByText("I understand:").first().waitFor();
      await notice().waitFor({ state: "hidden" });
    },
    "clock:2h, clock:1d": async () => {
      await openChat();
      await signIn();
      for (const later of ["clock:2h", "clock:1d"]) {
        await fault(later);
        await say("mail");
        await told(expired);
        await mailAgain();
      }
    },
    "clock:200d": async () => {
      await fault("clock:200d");
      await page.goto(address);
      await say("help");
      await sendFailed().waitFor();
      await told(undelivered);
    },
  };
  const effectOf = (name: string): string => {
    const known = [...knownFaults, ...clockSteps].find((one) => ("name" in one ? one.name : one.fault) === name);
    return `${name}: ${known?.effect ?? "no such fault"}`;
  };
  const effects = Object.entries(promises).map(
    ([names, keep]) => [names.split(", ").map(effectOf).join(" "), keep] as const,
  );
  test.each(effects)("fault %s", async (_, keep) => keep());

  test("Direct Line does not renew the chat's token: the chat says that it has expired", async () => {
    await page.clock.install();
    await openChat();
    await fault("refuse:direct-line:403:TokenExpired@/tokens/refresh");
    await page.clock.runFor("16:00");
    await told(expired);
    expect(await startAgain().isVisible()).toBe(true);
  });

  test("Direct Line takes no conversation: the chat says so, and the next try works", async () => {
    await fault("refuse:direct-line:503@/directline/conversations");
    await page.goto(address);
    await told(unreachable);
    deployed.azure.faults.switchOff();
    await startAgain().click();
    await opened();
  });

  test("Direct Line forgot the conversation: the chat says that its connection has ended", async () => {
    let stream: WebSocketRoute | undefined;
    await page.routeWebSocket(/\/stream\?/, (socket) => {
      socket.connectToServer();
      stream = socket;
    });
    await page.clock.install();
    await openChat();
    await fault("refuse:direct-line:404@/directline/conversations");
    await stream?.close();
    // Direct Line's client waits 3 to 15 s before it asks for the conversation again.
    while (!(await notice().isVisible())) await page.clock.runFor("00:01");
    await told(ended);
  });

  test("the browser is offline: what is written is marked as not sent, and goes out with a retry", async () => {
    await openChat();
    await context.setOffline(true);
    await told(offline);
    await say("help");
    await sendFailed().waitFor();
    await context.setOffline(false);
    await told(undelivered);
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("I understand:").first().waitFor();
    await notice().waitFor({ state: "hidden" });
  });

  test("a browser that asks too often is told to wait, and gets no words of another service", async () => {
    await page.route("**/api/token", (route) => route.fulfill({ status: 429 }));
    await page.goto(address);
    await told("This browser has asked too often. Please wait a minute.");
    await page.unroute("**/api/token");
    await fault("refuse:direct-line:403:SecretOfTheSite@/tokens/generate");
    await startAgain().click();
    await told(unavailable);
    expect(await page.locator("body").innerText()).not.toContain("SecretOfTheSite");
  });

  test("the chat's script cannot be loaded: the page says so", async () => {
    await page.route("**/webchat.js*", (route) => route.abort());
    await page.goto(address);
    await told("The chat's script could not be loaded.");
  });

  test("a sign-out that fails does not pretend; one that works makes the browser a new user", async () => {
    await openChat();
    await signIn();
    await fault("refuse:token-service:503@/signout");
    await page.getByRole("button", { name: "Sign out" }).click();
    await told("You are not signed out: it does not work right now. Please try again.");
    deployed.azure.faults.switchOff();
    const left = page.waitForEvent("load");
    await page.getByRole("button", { name: "Sign out" }).click();
    await left;
    await opened();
    await say("who am i");
    await page.getByText("You are not signed in.").first().waitFor();
  });
});
