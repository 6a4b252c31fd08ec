import { archiveOf, createCloud, echoApp, siteBody } from "./cloud";

test("an unhealthy app is named in the log once, keeps answering, and is replaced only after an hour", async () => {
  const cloud = await createCloud({ healthCheckInterval: 30 });
  try {
    // The app answers 503 at /healthz.
    await cloud.arm("PUT", cloud.siteId, siteBody(cloud, {}, { siteConfig: { healthCheckPath: "/healthz" } }));
    await cloud.push(archiveOf({ "index.js": echoApp }));
    const pid = async (): Promise<number> => (await cloud.askApp()).pid;
    const first = await pid();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(cloud.platformLog).toEqual([
      "App Service: echo-bot is unhealthy: /healthz answered 503. A single instance is replaced only after an hour.",
    ]);
    expect(await pid()).toBe(first);
    cloud.azure.clock.advance(61 * 60 * 1000);
    await cloud.logged("stopping");
    expect(await pid()).not.toBe(first);
  } finally {
    await cloud.close();
  }
});
