import { environmentOf } from "../../../local/azure/app-service/environment";

const source = {
  siteName: "bot",
  hostName: "bot.azurewebsites.net",
  subscriptionId: "00000000-0000-0000-0000-000000000001",
  resourceGroup: "rg",
  location: "westeurope",
  instanceId: "abcdef0123456789",
  port: 4321,
  home: "/private/home",
  settings: {},
  connectionStrings: {},
  language: "node",
  executable: "/opt/node/bin/node",
  network: {},
} as const;

test("an app without an identity gets no identity endpoint, so its clients say so at once", () => {
  expect(Object.keys(environmentOf(source)).filter((name) => /IDENTITY|MSI/.test(name))).toEqual([]);
});

test("app settings override what the platform sets, but not the port and the way to the local Azure", () => {
  const environment = environmentOf({
    ...source,
    settings: { WEBSITE_SITE_NAME: "mine", PORT: "80", HTTPS_PROXY: "http://elsewhere" },
    network: { HTTPS_PROXY: "http://127.0.0.1:1" },
  });
  expect(environment).toMatchObject({ WEBSITE_SITE_NAME: "mine", PORT: "4321", HTTPS_PROXY: "http://127.0.0.1:1" });
});

test("connection strings get their kind's prefix", () => {
  const environment = environmentOf({
    ...source,
    connectionStrings: { a: { value: "1", type: "SQLAzure" }, b: { value: "2", type: "Custom" } },
  });
  expect(environment).toMatchObject({ SQLAZURECONNSTR_a: "1", CUSTOMCONNSTR_b: "2" });
});

test("node is found first on the app's path, whatever the machine has", () => {
  expect(environmentOf(source).PATH!.split(":")[0]).toBe("/opt/node/bin");
});

test("every client of an app finds the certificate by which the services are known, whatever its language", () => {
  const environment = environmentOf({ ...source, network: { NODE_EXTRA_CA_CERTS: "/ca.pem" } });
  expect(environment).toMatchObject({
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    SSL_CERT_FILE: "/ca.pem",
    REQUESTS_CA_BUNDLE: "/ca.pem",
    CURL_CA_BUNDLE: "/ca.pem",
  });
});

test("an app of Python gets what keeps it to this machine, before what its own settings load", () => {
  const python = { ...source, language: "python", executable: "/app/antenv/bin/python3" } as const;
  const environment = environmentOf({ ...python, settings: { PYTHONPATH: "src" } });
  expect(environment.WEBSITE_STACK).toBe("PYTHON");
  expect(environment.PATH!.split(":")[0]).toBe("/app/antenv/bin");
  expect(environment.PYTHONPATH).toMatch(/local\/azure\/app-service\/python:src$/);
});
