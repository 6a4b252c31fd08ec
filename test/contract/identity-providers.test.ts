import { identityProviders, laterProviders, recordedProviders } from "../../contract/identity-providers";

/** What Bot Service answers of a provider. */
const answered = ({ id, displayName, name, parameters }: (typeof identityProviders)[number]): object => ({
  properties: {
    id,
    displayName,
    serviceProviderName: name,
    devPortalUrl: null,
    iconUrl: null,
    parameters: parameters.map((one) => ({
      name: one.name,
      type: one.type,
      displayName: one.displayName,
      description: one.description,
      helpUrl: one.helpUrl,
      default: one.default,
      metadata: one.required ? { constraints: { required: true } } : null,
    })),
  },
});

test("the 47 recorded providers are, byte for byte in length, what Bot Service answered", () => {
  const answer = JSON.stringify({ value: recordedProviders.map(answered) });
  expect(recordedProviders).toHaveLength(47);
  // The recording's content-length.
  expect(Buffer.byteLength(answer)).toBe(43_002);
});

test("each provider has a name, an id and a display name of its own: a connection of one is never taken for another's", () => {
  for (const field of ["name", "id", "displayName"] as const) {
    expect(new Set(identityProviders.map((provider) => provider[field])).size).toBe(48);
  }
});

test("every provider but those with a certificate or a federated credential takes a client secret, and it is a secret", () => {
  const secretless = identityProviders.filter(
    ({ parameters }) => !parameters.some(({ type }) => type === "securestring"),
  );
  expect(secretless.map(({ name }) => name)).toEqual(["Aadv2WithCerts", "FactSet", "Aadv2WithFic"]);
  expect(laterProviders.map(({ name }) => name)).toEqual(["Aadv2WithFic"]);
});

test("the templates of the generic provider stand as Bot Service gives them, with its placeholders", () => {
  const generic = identityProviders.find(({ name }) => name === "oauth2generic")!;
  expect(Object.fromEntries(generic.parameters.map((one) => [one.name, one.default]))).toEqual({
    ClientId: null,
    ClientSecret: null,
    ScopeListDelimiter: " ",
    AuthorizationUrlTemplate: null,
    AuthorizationUrlQueryStringTemplate:
      "?client_id={ClientId}&response_type=code&redirect_uri={RedirectUrl}&scope={Scopes}&state={State}",
    TokenUrlTemplate: null,
    TokenUrlQueryStringTemplate: "",
    TokenBodyTemplate:
      "code={Code}&grant_type=authorization_code&redirect_uri={RedirectUrl}&client_id={ClientId}&client_secret={ClientSecret}",
    RefreshUrlTemplate: null,
    RefreshUrlQueryStringTemplate: "",
    RefreshBodyTemplate:
      "refresh_token={RefreshToken}&grant_type=refresh_token&client_id={ClientId}&client_secret={ClientSecret}",
    TokenExchangeUrl: null,
  });
});
