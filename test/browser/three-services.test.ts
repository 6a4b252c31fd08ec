import type { Page } from "playwright-core";
import { findBrowser } from "../support/browser";
import type { Deployed } from "../support/deployed";
import { askForCard, chatIn, pressSignIn, say, signInAs } from "../support/signed-in-page";
import { startedPage, type StartedPage } from "../support/started-page";

const chromium = findBrowser();
const inBrowser = chromium ? describe : describe.skip;

/** The example of three services as a person tries it: `npm start -- --stack three-services`, in a browser. */
inBrowser("three services in one chat", () => {
  let started: StartedPage;
  let deployed: Deployed;
  let page: Page;

  beforeAll(async () => {
    started = await startedPage(chromium as string, "three-services");
    ({ deployed, page } = started);
  });
  afterAll(() => started?.close());

  /** Signs in at whichever provider opens; GitHub and the company ask whether the bot may act for the person. */
  async function signIn(): Promise<void> {
    const popup = await pressSignIn(page);
    await signInAs(popup, "Ada", deployed.azure.tenant.password);
    const authorize = popup.getByRole("button", { name: "Authorize" });
    if (await authorize.isVisible().catch(() => false)) await authorize.click();
  }

  test.each([
    ["mail", /newest message/, "Entra ID", "Microsoft Graph"],
    ["issues", /Who may approve an order above/, "GitHub", "GitHub API"],
    ["orders", /1041.*Fabrikam/, "Company identity provider", "Company orders"],
  ])(
    "%s: its sign-in completes without a code, and the ten steps name its provider and its service",
    async (command, answer, provider, service) => {
      await chatIn(page)
        .getByText("read and send mail, show and open issues at GitHub and show orders")
        .first()
        .waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      // All that the connections let the bot do is offered with its greeting.
      if (command === "mail") {
        const offered = chatIn(page).getByRole("toolbar", { name: "Suggested actions" });
        await offered.getByRole("button").nth(3).waitFor();
        expect(await offered.getByRole("button").allInnerTexts()).toEqual(["mail", "issues", "orders", "help"]);
      }
      await askForCard(page, command);
      await signIn();
      await chatIn(page).getByText(answer).first().waitFor();
      await page.locator(".ten li.done").nth(9).waitFor();
      const steps = await page.locator(".ten li").allInnerTexts();
      expect([steps[7], steps[9]]).toEqual([
        expect.stringContaining(`the provider's sign-in page opens ${provider}`),
        expect.stringContaining(`The bot calls the service with the token ${service}`),
      ]);
      expect(await page.locator(".row.refused").count()).toBe(0);
    },
  );

  test("Change person signs out at all three: each asks again who it is", async () => {
    await page.getByRole("tab", { name: "Ten steps" }).click();
    await page.getByRole("button", { name: "Change person" }).click();
    await page.getByText("Signed out: Entra ID, GitHub, Company identity provider").waitFor();
    await say(page, "sign out");
    await chatIn(page).getByText("You are signed out.").first().waitFor();
    for (const command of ["mail", "issues", "orders"]) {
      await askForCard(page, command);
      const popup = await pressSignIn(page);
      await popup.getByRole("radio", { name: /Kim Tanaka/ }).waitFor();
      await popup.close();
    }
  });

  test("the picture leads each connection to its own provider", async () => {
    await page.getByRole("tab", { name: "What was deployed" }).click();
    const drawing = page.getByRole("region", { name: "Picture of what was deployed" });
    await drawing.waitFor();
    for (const name of ["GitHub", "login.contoso"]) {
      await drawing.getByRole("button", { name: new RegExp(`^Identity provider ?${name}`) }).waitFor();
    }
    expect(await drawing.locator(".box.missing").count()).toBe(0);
  });

  test("the picture is read without scrolling sideways: drawn where there is room, else one thing below the other", async () => {
    const drawing = page.getByRole("region", { name: "Picture of what was deployed" });
    const isTooWide = (): Promise<boolean> => drawing.evaluate((one) => one.scrollWidth > one.clientWidth);
    expect([await drawing.locator(".box").count(), await isTooWide()]).toEqual([23, false]);
    // As the browser draws them, in its own font.
    const covering = await drawing.evaluate((one) => {
      const all = [...one.querySelectorAll("rect, .name")].map((each) => ({
        text: each.nextElementSibling?.textContent ?? each.textContent,
        ...each.getBoundingClientRect().toJSON(),
      }));
      return all.flatMap((first, at) =>
        all.slice(at + 1).flatMap((other) => {
          const wide = Math.min(first.right, other.right) - Math.max(first.left, other.left);
          const high = Math.min(first.bottom, other.bottom) - Math.max(first.top, other.top);
          return wide > 3 && high > 3 ? [`${first.text} / ${other.text}`] : [];
        }),
      );
    });
    expect(covering).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const cards = drawing.getByRole("button");
    await drawing.getByText("signs users in at → Identity provider GitHub").waitFor();
    expect([await cards.count(), await isTooWide()]).toEqual([23, false]);
    const names = await cards.allInnerTexts();
    expect(new Set(names).size).toBe(names.length);
    await drawing.getByRole("button", { name: /^Key Vault/ }).click();
    await page.locator(".about").getByText("Key Vault Secrets User").first().waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});
