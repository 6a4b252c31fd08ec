import type { Page } from "playwright-core";
import { findBrowser } from "../support/browser";
import type { Deployed } from "../support/deployed";
import { askForCard, chatIn, pressSignIn, signInAs } from "../support/signed-in-page";
import { startedPage, type StartedPage } from "../support/started-page";

const chromium = findBrowser();
const inBrowser = chromium ? describe : describe.skip;

/** The example without a secret as a person tries it: `npm start -- --stack no-secret`, in a browser. */
inBrowser("a bot without a secret", () => {
  let started: StartedPage;
  let deployed: Deployed;
  let page: Page;

  beforeAll(async () => {
    started = await startedPage(chromium as string, "no-secret");
    ({ deployed, page } = started);
  });
  afterAll(() => started?.close());

  test("signs a person in, who reads his mail, and the ten steps are all done", async () => {
    await chatIn(page).getByText("read and send mail").first().waitFor();
    await askForCard(page, "mail");
    await signInAs(await pressSignIn(page), "Ada", deployed.azure.tenant.password);
    await chatIn(page)
      .getByText(/newest message/)
      .first()
      .waitFor();
    await page.locator(".ten li.done").nth(9).waitFor();
  });

  test("is drawn as its managed identity, and nothing is missing", async () => {
    await page.getByRole("tab", { name: "What was deployed" }).click();
    const drawing = page.getByRole("region", { name: "Picture of what was deployed" });
    await drawing.waitFor();
    expect(await drawing.getByRole("button", { name: /^Managed identity/ }).count()).toBe(2);
    expect(await drawing.locator(".box.missing").count()).toBe(0);
  });
});
