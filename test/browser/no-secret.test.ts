import type { Browser, Page } from "playwright-core";
import { ownPages } from "../../local/page";
import { findBrowser, launchBrowser } from "../support/browser";
import { deploy, type Deployed } from "../support/deployed";
import { chatIn, pressSignIn, say, signInAs } from "../support/signed-in-page";

const chromium = findBrowser();
const inBrowser = chromium ? describe : describe.skip;

/** The example without a secret as a person tries it: `npm start -- --stack no-secret`, in a browser. */
inBrowser("a bot without a secret", () => {
  let deployed: Deployed;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    let host = "";
    deployed = await deploy({
      stack: "no-secret",
      ownPages: (azure) => ownPages(azure, () => (host ? { host } : undefined)),
    });
    host = new URL(String(deployed.outputs.chatAddress)).host;
    browser = await launchBrowser(chromium as string);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${deployed.azure.browserOrigin}/`);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await deployed?.close();
  });

  test("signs a person in, who reads his mail, and the ten steps are all done", async () => {
    await chatIn(page).getByText("read and send mail").first().waitFor();
    await say(page, "mail");
    await signInAs(await pressSignIn(page), "Ada", deployed.azure.tenant.password);
    await chatIn(page)
      .getByText(/newest message/)
      .first()
      .waitFor();
    await page.locator(".ten li.done").nth(9).waitFor();
  }, 60_000);

  test("is drawn as its managed identity, and nothing is missing", async () => {
    await page.getByRole("tab", { name: "What was deployed" }).click();
    const drawing = page.getByRole("region", { name: "Picture of what was deployed" });
    await drawing.waitFor();
    expect(await drawing.getByRole("button", { name: /^Managed identity/ }).count()).toBe(2);
    expect(await drawing.locator(".box.missing").count()).toBe(0);
  });
});
