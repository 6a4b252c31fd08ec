import { encryptionOf, localStackFile, localStackOf, LocalStackError } from "../../local/local-stack";

const salt = { encryptionsalt: "v1:local" };
const secret = { secure: "v1:for-azure" };

test("a stack's settings are tried under a name of their own, as the environment that they are of, with the local encryption", () => {
  expect(localStackOf("prod")).toBe("local-prod");
  const source = { encryptionsalt: "v1:real", config: { location: "westeurope", "azuread:useOidc": "true" } };
  expect(localStackFile("bot", "prod", source, undefined, salt)).toEqual({
    encryptionsalt: "v1:local",
    config: { "bot:location": "westeurope", "azuread:useOidc": "true", "bot:environment": "prod" },
  });
  const said = { config: { "bot:environment": "staging" } };
  expect(localStackFile("bot", "eu", said, undefined, undefined)).toEqual({ config: { "bot:environment": "staging" } });
});

test("no secret of the real stack goes along: those of connections are the local providers'", () => {
  const connections = [{ name: "Hub", provider: "github", clientId: "x", clientSecret: secret }, { name: "Mail" }];
  const made = localStackFile("bot", "dev", { config: { "bot:connections": connections } }, undefined, undefined);
  expect(made.config).toMatchObject({
    "bot:connections": [{ name: "Hub", provider: "github", clientId: "x" }, { name: "Mail" }],
  });
  expect(JSON.stringify(made)).not.toContain("secure");
});

test("any other secret is one that somebody gave the local stack; of one that nobody did the setting is named", () => {
  const source = { config: { "bot:appSettings": { KEY: secret } } };
  const given = { config: { "bot:appSettings": { KEY: { secure: "v1:for-local" } } } };
  expect(localStackFile("bot", "dev", source, given, salt).config).toMatchObject(given.config);
  // Without a state of that encryption nobody could read it any more.
  for (const [before, encryption] of [
    [undefined, salt],
    [given, undefined],
  ] as const) {
    expect(() => localStackFile("bot", "dev", source, before, encryption)).toThrow(LocalStackError);
    expect(() => localStackFile("bot", "dev", source, before, encryption)).toThrow(/^bot:appSettings is encrypted/);
  }
});

test("a stack of an earlier start is read with the encryption of its state, whatever became of its file", () => {
  expect(encryptionOf({ deployment: { secrets_providers: { state: { salt: "v1:x" } } } })).toEqual({
    encryptionsalt: "v1:x",
  });
  expect(encryptionOf({ deployment: {} })).toBeUndefined();
});
