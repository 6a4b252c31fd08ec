import { createPlugins } from "../../../local/plugins";
import { plainProperties, secret, type Properties } from "../../../infra/provider/envelope";
import { createSession } from "../../../local/plugins/session";
import { urn } from "./recorder";

const session = createSession({ environment: {} });
const random = createPlugins(session).random!;
const type = (name: string): string => urn(`random:index/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`);

async function make(name: string, inputs: Properties) {
  const checked = await random.check(type(name), {}, inputs);
  const { id, outs } = await random.create(type(name), checked.inputs as Properties);
  return { id, raw: outs as Properties, outs: plainProperties(outs as Properties) };
}

describe("random", () => {
  test("a UUID is its own id", async () => {
    const { id, outs } = await make("RandomUuid", {});
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(outs.result).toBe(id);
  });

  test("a string has the asked length and only the asked characters", async () => {
    const { outs } = await make("RandomString", { length: 200, special: false, upper: false, minNumeric: 150 });
    expect(outs.result).toMatch(/^[a-z0-9]{200}$/);
    expect(String(outs.result).replace(/[a-z]/g, "").length).toBeGreaterThanOrEqual(150);
    const { outs: own } = await make("RandomString", {
      length: 30,
      lower: false,
      upper: false,
      numeric: false,
      overrideSpecial: "_-",
    });
    expect(own.result).toMatch(/^[_-]{30}$/);
  });

  test("a length below the minimums is refused", async () => {
    await expect(make("RandomString", { length: 2, minLower: 2, minUpper: 1 })).rejects.toThrow(/^length is 2: /);
    await expect(make("RandomId", { byteLength: 0 })).rejects.toThrow(
      "byteLength is 0: a whole number above 0 is needed",
    );
  });

  test("a password is secret", async () => {
    const { id, raw, outs } = await make("RandomPassword", { length: 24 });
    expect(id).toBe("none");
    expect(raw.result).toEqual(secret(outs.result));
    expect(String(outs.result)).toHaveLength(24);
  });

  test("an id is one number in four notations", async () => {
    const { id, outs } = await make("RandomId", { byteLength: 8, prefix: "p-" });
    const hex = Buffer.from(id, "base64url").toString("hex");
    expect(outs).toMatchObject({
      hex: `p-${hex}`,
      dec: `p-${BigInt(`0x${hex}`)}`,
      b64Url: `p-${id}`,
      b64Std: `p-${Buffer.from(hex, "hex").toString("base64")}`,
    });
    expect((await make("RandomBytes", { length: 3 })).raw.hex).toEqual(secret(expect.stringMatching(/^[0-9a-f]{6}$/)));
  });

  test("stays as it is until a keeper changes, and then is replaced", async () => {
    const inputs = { byteLength: 4, keepers: { at: "1" } };
    const { id, raw } = await make("RandomId", inputs);
    expect(await random.diff(id, type("RandomId"), raw, inputs)).toMatchObject({ changes: false });
    const changed = await random.diff(id, type("RandomId"), raw, { ...inputs, keepers: { at: "2" } });
    expect(changed).toEqual({ changes: undefined, replaces: ["keepers"], deleteBeforeReplace: false });
    expect(plainProperties((await random.read(id, type("RandomId"), raw)).props as Properties)).toEqual(
      plainProperties(raw),
    );
  });
});

describe("a deployer's session", () => {
  test("names the variable that is missing, when it is needed", () => {
    expect(() => session.subscriptionId).toThrow("ARM_SUBSCRIPTION_ID is not set");
  });

  test("asks once for a token that many resources need, and again when it runs out", async () => {
    let asked = 0;
    let life = 3_600_000;
    const shared = createSession({
      environment: {},
      credential: {
        getToken: () => Promise.resolve({ token: `token ${++asked}`, expiresOnTimestamp: Date.now() + life }),
      },
    });
    expect(await Promise.all([shared.token("a"), shared.token("a"), shared.token("a")])).toEqual(
      Array.from({ length: 3 }, () => "token 1"),
    );
    life = 1000;
    expect(await shared.token("b")).toBe("token 2");
    expect(await shared.token("b")).toBe("token 3");
  });
});
