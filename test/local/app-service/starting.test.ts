import type { App } from "../../../local/azure/app-service/app";
import { answerFor } from "../../../local/azure/app-service/front-end";
import type { Azure, Resource } from "../../../local/azure/service";

const site = { name: "bot", properties: { state: "Running" } } as unknown as Resource;
const azure = { resources: { get: () => undefined } } as unknown as Azure;

test.each([
  [true, "Service Unavailable", "still starts"],
  [false, "Application Error", "failed"],
])("a request that waited in vain is answered 503, and by what is said whether the app %s", async (starting, title) => {
  const app = { starting, hasContent: async () => true, whenStarted: async () => undefined } as unknown as App;
  const answer = await answerFor(azure, app, site, new Request("https://bot.azurewebsites.net/"));
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining(`<h1>${title}</h1>`)]);
});
