import { recordedProviders } from "../../../contract/identity-providers";
import { botBody, botPath, type BotServiceFixture, createFixture } from "./fixture";

let fixture: BotServiceFixture;
let path: string;
beforeEach(async () => {
  fixture = await createFixture();
  path = `${botPath(fixture.azure)}/connections/one`;
  await fixture.arm("PUT", botPath(fixture.azure), botBody());
});

async function listed(): Promise<Record<string, unknown>[]> {
  const list = `/subscriptions/${fixture.azure.tenant.subscriptionId}/providers/Microsoft.BotService/listAuthServiceProviders`;
  const { body } = await fixture.arm("POST", list);
  return (body as unknown as { value: Record<string, unknown>[] }).value;
}

async function write(properties: Record<string, unknown>): Promise<[number, unknown, unknown]> {
  const { status, body } = await fixture.arm("PUT", path, {
    location: "global",
    properties: { clientId: "id", clientSecret: "secret-of-a-test", scopes: "a b", ...properties },
  });
  const { code, message } = (body as unknown as { error?: { code: string; message: string } }).error ?? {};
  return [status, code, message];
}

/** Values for every parameter that a provider requires. */
function filled(provider: (typeof recordedProviders)[number]): { key: string; value: string }[] {
  return provider.parameters
    .filter(({ name, required }) => required && !/^Client(Id|Secret)$/.test(name))
    .map(({ name }) => ({ key: name, value: "https://provider.example/" }));
}

test("the list is Azure's: the recorded answer (azure-cli, test_service_providers.yaml) has 47 providers in 43,002 bytes", async () => {
  const recorded = (await listed()).slice(0, 47);
  expect(JSON.stringify({ value: recorded })).toHaveLength(43_002);
  expect(recorded[0]).toEqual({
    properties: {
      id: "00ea67de-bfc6-4f45-9ede-083899596b7b",
      displayName: "Wunderlist",
      serviceProviderName: "wunderlist",
      devPortalUrl: null,
      iconUrl: null,
      parameters: [
        {
          name: "ClientId",
          type: "string",
          displayName: "Client id",
          description: "The id used to identify this application with the service provider",
          helpUrl: null,
          default: null,
          metadata: { constraints: { required: true } },
        },
        {
          name: "ClientSecret",
          type: "securestring",
          displayName: "Client secret",
          description: "The shared secret used to authenticate this application with the service provider",
          helpUrl: null,
          default: null,
          metadata: { constraints: { required: true } },
        },
      ],
    },
  });
});

test("the provider for federated credentials, which came after the recording, is the 48th", async () => {
  const names = (await listed()).map(
    ({ properties }) => (properties as { serviceProviderName: string }).serviceProviderName,
  );
  expect(names.slice(47)).toEqual(["Aadv2WithFic"]);
});

test.each(recordedProviders.map((provider) => [provider.name, provider] as const))(
  "a connection of %s is taken with what the provider requires, and refused under another's name",
  async (_name, provider) => {
    const properties = { serviceProviderId: provider.id, parameters: filled(provider) };
    const other = recordedProviders.find(({ id }) => id !== provider.id)?.displayName;
    expect(await write({ ...properties, serviceProviderDisplayName: other })).toEqual([
      400,
      "InvalidBotData",
      "Mismatch between Service Provider Id and Name. ",
    ]);
    expect(await write({ ...properties, serviceProviderDisplayName: provider.displayName })).toEqual([
      201,
      undefined,
      undefined,
    ]);
  },
);

test("a connection without its provider's name is taken, and read back with it", async () => {
  expect((await write({ serviceProviderId: "d05eaacf-1593-4603-9c6c-d4d8fffa46cb" }))[0]).toBe(201);
  const { body } = await fixture.arm("GET", path);
  expect(body).toMatchObject({ properties: { serviceProviderDisplayName: "GitHub" } });
});

test("an id that no provider has is refused", async () => {
  expect(await write({ serviceProviderId: "00000000-0000-0000-0000-000000000000" })).toEqual([
    400,
    "InvalidBotData",
    "The service provider with id '00000000-0000-0000-0000-000000000000' was not found.",
  ]);
});

test("each parameter that is required and missing is named; an empty text is one, and keys have no case", async () => {
  const parameters = [
    { key: "authorizationurl", value: "https://provider.example/authorize" },
    { key: "TokenUrl", value: null },
  ];
  expect(await write({ serviceProviderId: "4b5c96f6-cca7-4048-bfd2-53e850a183f1", parameters })).toEqual([
    400,
    "InvalidBotData",
    "The service provider 'Generic Oauth 2' requires the parameters TokenUrl, RefreshUrl.",
  ]);
  const rest = [
    { key: "TokenUrl", value: "https://provider.example/token" },
    { key: "refreshUrl", value: "" },
  ];
  const whole = [parameters[0], ...rest];
  expect((await write({ serviceProviderId: "4b5c96f6-cca7-4048-bfd2-53e850a183f1", parameters: whole }))[0]).toBe(201);
});
