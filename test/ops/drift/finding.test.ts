import { refreshed } from "../../../ops/drift/finding";
import { secretValue, setInput, type State, type StateResource } from "../../../ops/pulumi/state";

const app = (inputs: Record<string, unknown>, outputs: Record<string, unknown> = {}): StateResource => ({
  urn: "urn:pulumi:dev::bot-sign-in::bot-sign-in:infra:Hosting$azure-native:web:WebApp::host",
  type: "azure-native:web:WebApp",
  custom: true,
  id: "/sites/host",
  inputs,
  outputs,
});
const state = (...resources: StateResource[]): State => ({ version: 3, deployment: { resources } });

test("a field that a refresh changed is named with its live and its deployed value", () => {
  const before = state(app({ siteConfig: { alwaysOn: true, minTlsVersion: "1.2" } }));
  const after = state(app({ siteConfig: { alwaysOn: true, minTlsVersion: "1.0" } }));
  expect(refreshed(before, after)).toEqual([
    { resource: "WebApp host", field: "siteConfig.minTlsVersion", live: '"1.0"', deployed: '"1.2"' },
  ]);
});

test("what merely follows from other things is no finding", () => {
  expect(refreshed(state(app({}, { lastModified: "1" })), state(app({}, { lastModified: "2" })))).toEqual([]);
});

test("a resource that is gone is named with its id", () => {
  expect(refreshed(state(app({})), state())).toEqual([
    { resource: "WebApp host", field: "id", live: "(is not there)", deployed: "/sites/host" },
  ]);
});

test("what the program's own provider finds stands in outputs", () => {
  const site = (outputs: Record<string, unknown>): StateResource => ({
    ...app({}, outputs),
    urn: "urn:pulumi:dev::p::bot-sign-in:index:DirectLineSite::direct-line",
    type: "bot-sign-in:index:DirectLineSite",
  });
  const before = state(site({ defaultSiteDisabled: true }));
  const after = state(site({ defaultSiteDisabled: false }));
  expect(refreshed(before, after)).toEqual([
    { resource: "DirectLineSite direct-line", field: "defaultSiteDisabled", live: "false", deployed: "true" },
  ]);
});

test("a secret that differs is told without either value, and one that does not is no finding", () => {
  const of = (value: string): State => state(app({ properties: secretValue({ clientSecret: value }) }));
  expect(refreshed(of("one"), of("one"))).toEqual([]);
  const found = refreshed(of("one"), of("other"));
  expect(found).toEqual([
    { resource: "WebApp host", field: "properties.clientSecret", live: "(a secret)", deployed: "(a secret)" },
  ]);
});

test("an input is marked in both places where the state keeps it, so that the next up writes it", () => {
  const resource = app({ siteConfig: { appSettings: [1] } }, { __inputs: { siteConfig: { appSettings: [1] } } });
  setInput(resource, ["siteConfig", "appSettings"], [2]);
  expect(resource.inputs).toEqual({ siteConfig: { appSettings: [2] } });
  expect(resource.outputs).toEqual({ __inputs: { siteConfig: { appSettings: [2] } } });
});

test("an input inside a secret object marks the object as a whole, and stays secret", () => {
  const resource = app({ properties: secretValue({ clientSecret: "one" }) });
  setInput(resource, ["properties", "clientSecret"], secretValue("x"));
  expect(resource.inputs).toEqual({ properties: secretValue({ changedByHand: true }) });
});
