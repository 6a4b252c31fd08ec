import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { channelKeysUrl, remoteChannelKeys } from "../../../bot/host/keys";
import { channelToken } from "../../../bot/host/checks/channel-token";
import { Readable } from "node:stream";
import { appId, serviceUrl } from "../support/channel";
import { replaceInternet } from "../support/internet";

test("a flood of tokens with unknown keys does not become a flood of requests for keys", async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "known", alg: "RS256", endorsements: ["directline"] };
  const internet = replaceInternet({ "login.botframework.com": () => Response.json({ keys: [jwk] }) });
  try {
    const keys = remoteChannelKeys();
    const check = channelToken(appId, keys.key);
    const token = (kid: string): Promise<string> =>
      new SignJWT({ iss: "https://api.botframework.com", aud: appId, serviceurl: serviceUrl })
        .setProtectedHeader({ alg: "RS256", kid })
        .setExpirationTime("1h")
        .sign(privateKey);
    await check.run({ headers: {}, stream: Readable.from([]), bearer: await token("known") });
    for (let at = 0; at < 50; at++) {
      const arrival = { headers: {}, stream: Readable.from([]), bearer: await token(`unknown-${at}`) };
      await expect(check.run(arrival)).rejects.toMatchObject({ status: 401 });
    }
    expect(internet.calls.map(({ url }) => url.href)).toEqual([channelKeysUrl]);
    expect(keys.endorsements("known")).toEqual(["directline"]);
    expect(keys.endorsements("unknown-1")).toBeUndefined();
  } finally {
    internet.restore();
  }
});
