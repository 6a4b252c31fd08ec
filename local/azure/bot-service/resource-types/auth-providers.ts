/** An identity provider that a connection can name, as listAuthServiceProviders describes it. */
export interface AuthProvider {
  /** `Aadv2` */
  readonly name: string;
  readonly displayName: string;
  readonly id: string;
  /** Parameters besides ClientId and ClientSecret: name to default; a trailing `*` marks a required one. */
  readonly parameters: Readonly<Record<string, string | null>>;
  /** True where the provider takes no client secret. */
  readonly secretless?: boolean;
}

const provider = (
  name: string,
  displayName: string,
  id: string,
  parameters: Record<string, string | null> = {},
  secretless = false,
): AuthProvider => ({ name, displayName, id, parameters, ...(secretless && { secretless }) });

const tenant = { TenantId: "common" };
const exchange = { TokenExchangeUrl: null };
const entra = "https://login.microsoftonline.com";
const templates = {
  "ScopeListDelimiter*": null,
  "AuthorizationUrlTemplate*": null,
  "AuthorizationUrlQueryStringTemplate*": null,
  "TokenUrlTemplate*": null,
  "TokenUrlQueryStringTemplate*": null,
  "TokenBodyTemplate*": null,
  "RefreshUrlTemplate*": null,
  "RefreshUrlQueryStringTemplate*": null,
  "RefreshBodyTemplate*": null,
};

/** The providers of the public cloud. recorded: azure-cli test_auth_setting, test_service_providers */
export const authProviders: readonly AuthProvider[] = [
  provider("Aadv2", "Azure Active Directory v2", "30dd229c-58e3-4a48-bdfd-91ec48eb906c", { ...exchange, ...tenant }),
  provider(
    "Aadv2WithFic",
    "AAD v2 with Federated Credentials",
    "c00b44ab-5e16-c44c-af26-2fd5bc55eb18",
    { "UniqueIdentifier*": null, ...exchange, LoginUri: entra, ...tenant, IsMultiTenantFlowSupported: "false" },
    true,
  ),
  provider(
    "Aadv2WithCerts",
    "AAD v2 with Certificates (Preview)",
    "ab4c00b4-516e-44cc-a6f2-2bcf5ed5b158",
    { "ClientCertificateUrl*": null, ...exchange, LoginUri: entra, ...tenant, Isx5cRequired: "false" },
    true,
  ),
  provider("Aad", "Azure Active Directory", "5232e24f-b6c6-4920-b09d-d93a520c92e9", {
    GrantType: "Code",
    LoginUri: "https://login.windows.net",
    ...tenant,
    ResourceUri: null,
  }),
  provider("oauth2", "Generic Oauth 2", "4b5c96f6-cca7-4048-bfd2-53e850a183f1", {
    "AuthorizationUrl*": null,
    "TokenUrl*": null,
    "RefreshUrl*": null,
    ...exchange,
  }),
  provider("oauth2generic", "Oauth 2 Generic Provider", "8379c6d2-b262-4d4f-b89b-68dc5b5f5482", {
    ...templates,
    ...exchange,
  }),
  provider("github", "GitHub", "d05eaacf-1593-4603-9c6c-d4d8fffa46cb"),
  provider("google", "Google", "01340562-8c8f-4892-abd4-90daf0e5face"),
  provider("facebook", "Facebook", "0f1a8ee8-cb00-4b10-97db-045c404a239f"),
  provider("dropbox", "Dropbox", "b7e2a8c4-ce26-4a94-aeeb-f203ed505fa4"),
  provider("salesforce", "Salesforce", "bf58b8fb-74ea-4a84-8e68-03573ac9be2a", {
    LoginUri: "https://login.salesforce.com",
  }),
  provider("slack", "Slack", "4b7816ab-ea29-487a-96a5-1918b5661d8e"),
  provider("linkedin", "LinkedIn", "38b67016-73e2-4102-9fad-e348607cc800"),
  provider("box", "Box", "b8491b1f-e709-4c3d-8339-5ba2182b46ee"),
  provider("zendesk", "Zendesk", "4f349199-7980-48f0-9b1b-282347f5de2a", { SubDomain: null }),
  provider("docusign", "DocuSign", "e39b675b-2e60-4c7c-80da-ed69d6fe2dbc", {
    LoginUri: "https://account.docusign.com",
  }),
];

const described = {
  ClientId: ["Client id", "The id used to identify this application with the service provider"],
  ClientSecret: ["Client secret", "The shared secret used to authenticate this application with the service provider"],
} as const;

/** The provider of an id, without case; undefined where there is none. */
export function findAuthProvider(id: string): AuthProvider | undefined {
  return authProviders.find((known) => known.id === id.toLowerCase());
}

/** What `POST .../listAuthServiceProviders` answers. */
export function listAuthProviders(): unknown {
  return {
    value: authProviders.map((known) => ({
      properties: {
        id: known.id,
        displayName: known.displayName,
        serviceProviderName: known.name,
        devPortalUrl: null,
        iconUrl: null,
        parameters: [
          credential("ClientId", "string"),
          ...(known.secretless ? [] : [credential("ClientSecret", "securestring")]),
          ...Object.entries(known.parameters).map(([name, value]) => parameter(name, value)),
        ],
      },
    })),
  };
}

function credential(name: "ClientId" | "ClientSecret", type: string): unknown {
  const [displayName, description] = described[name];
  const metadata = { constraints: { required: true } };
  return { name, type, displayName, description, helpUrl: null, default: null, metadata };
}

function parameter(marked: string, value: string | null): unknown {
  const name = marked.replace("*", "");
  const metadata = marked.endsWith("*") ? { constraints: { required: true } } : null;
  return { name, type: "string", displayName: name, description: null, helpUrl: null, default: value, metadata };
}
