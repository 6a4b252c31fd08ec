import type { AuthConfiguration, AuthProvider } from "@microsoft/agents-hosting";
import { Credential, passwordWays, type Taken } from "../../bot/credential";

/** Entra, as far as it knows passwords; what it was asked with. */
function entra(known: Set<string>): { provider: AuthProvider; asked: string[] } {
  const asked: string[] = [];
  const provider = {
    connectionSettings: { clientId: "bot", clientSecret: "newest" } as AuthConfiguration,
    async getAccessToken({ clientSecret = "" }: AuthConfiguration, scope: string): Promise<string> {
      asked.push(clientSecret);
      if (!known.has(clientSecret)) throw new Error("invalid_client", { cause: new Error("AADSTS7000215: Invalid") });
      return `${clientSecret} ${scope}`;
    },
  } as unknown as AuthProvider;
  return { provider, asked };
}

function bot(
  known: Set<string>,
  before: string | undefined = "before",
): {
  token(): Promise<string>;
  credential: Credential;
  changes: Taken[];
  asked: string[];
  clock: { now: number };
} {
  const { provider, asked } = entra(known);
  const changes: Taken[] = [];
  const clock = { now: 0 };
  const credential = new Credential(
    provider,
    passwordWays(provider, before),
    (used) => changes.push(used),
    () => clock.now,
  );
  return { token: () => provider.getAccessToken("scope"), credential, changes, asked, clock };
}

test("the newest password is taken, and nobody hears of it", async () => {
  const { token, credential, changes, asked } = bot(new Set(["newest", "before"]));
  expect(credential.taken).toBeUndefined();
  expect(await token()).toBe("newest scope");
  expect([credential.taken, changes, asked]).toEqual(["newest", [], ["newest"]]);
});

test("while Entra does not know the newest here, the one before answers; the newest is tried again after ten seconds", async () => {
  const known = new Set(["before"]);
  const { token, credential, changes, asked, clock } = bot(known);
  expect(await token()).toBe("before scope");
  expect(await token()).toBe("before scope");
  expect(asked).toEqual(["newest", "before", "before"]);
  expect(credential.taken).toBe("before");
  known.add("newest");
  clock.now = 10_000;
  expect(await token()).toBe("newest scope");
  expect([credential.taken, changes]).toEqual(["newest", ["before", "newest"]]);
});

test("of requests at one time a single one tries the newest again; the others do not wait for it", async () => {
  const { token, asked, clock } = bot(new Set(["before"]));
  await token();
  clock.now = 10_000;
  asked.length = 0;
  expect(await Promise.all([token(), token(), token()])).toEqual(["before scope", "before scope", "before scope"]);
  expect(asked.filter((password) => password === "newest")).toHaveLength(1);
});

test("a certificate that Entra does not know here is as good a reason for the other", async () => {
  const { provider } = entra(new Set());
  const newest = (): Promise<string> => Promise.reject(new Error("AADSTS700027: The certificate is not registered."));
  const credential = new Credential(provider, { newest, before: async (scope) => `before ${scope}` });
  expect(await provider.getAccessToken("scope")).toBe("before scope");
  expect(credential.taken).toBe("before");
});

test("where Entra takes neither, its words about the newest are told", async () => {
  await expect(bot(new Set()).token()).rejects.toMatchObject({ cause: { message: "AADSTS7000215: Invalid" } });
});

test("another refusal is no reason for the other password", async () => {
  const { provider, asked } = entra(new Set());
  provider.getAccessToken = async (given: AuthConfiguration | string) => {
    asked.push((given as AuthConfiguration).clientSecret ?? "");
    throw new Error("AADSTS7000229: The client application is missing service principal in the tenant.");
  };
  new Credential(provider, passwordWays(provider, "before"));
  await expect(provider.getAccessToken("scope")).rejects.toThrow("AADSTS7000229");
  expect(asked).toEqual(["newest"]);
});

test("a managed identity has no password, and says of none that it is in use", async () => {
  const { provider } = entra(new Set(["newest"]));
  const credential = new Credential(provider, passwordWays(provider, undefined));
  await provider.getAccessToken("scope");
  expect(credential.taken).toBeUndefined();
});
