// What each kind of call of a turn costs by itself, in milliseconds of processor, as one line of JSON: the ways of our host,
// those of the other two, and what Node asks for the same request without any package.
import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient } from "@azure/storage-blob";
import { createRemoteJWKSet, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { createPublicKey } from "node:crypto";
import { Agent, request } from "node:https";
import { storage } from "./send-mail.mjs";

/** Calls before and while the time is taken, and how many of them at once. */
const calls = 1_600;
const atOnce = 8;

const { MANAGED_IDENTITY_CLIENT_ID: clientId, STATE_CONTAINER_URL: url, CHANNEL_TOKEN: token } = process.env;
const container = new ContainerClient(url, new ManagedIdentityCredential({ clientId }));
const theirs = storage();
const content = JSON.stringify({ claim: "taken", text: "x".repeat(200) });
const agent = new Agent({ keepAlive: true });
const keysUrl = "https://login.botframework.com/v1/.well-known/keys";
const keys = createRemoteJWKSet(new URL(keysUrl));
const { keys: published } = await (await fetch(keysUrl)).json();
const key = createPublicKey({ key: published[0], format: "jwk" });

let number = 0;
const name = () => `blob-${number++ % atOnce}`;

function plain(method, body) {
  return new Promise((done, failed) => {
    const headers = body && { "content-length": Buffer.byteLength(body), "x-ms-blob-type": "BlockBlob" };
    const call = request(`${url}/${name()}`, { method, agent, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part)).on("end", () => done(Buffer.concat(parts)));
    });
    call.on("error", failed).end(body);
  });
}

const ways = {
  "state written": () => container.getBlockBlobClient(name()).upload(content, Buffer.byteLength(content)),
  "state read": async () => {
    const { readableStreamBody } = await container.getBlockBlobClient(name()).download();
    const parts = [];
    for await (const part of readableStreamBody) parts.push(part);
    return JSON.parse(Buffer.concat(parts).toString());
  },
  "state written by the others": () => theirs.write({ [name()]: { claim: "taken", eTag: "*" } }),
  "state read by the others": () => theirs.read([name()]),
  "state written by Node alone": () => plain("PUT", content),
  "state read by Node alone": () => plain("GET"),
  "a mail, by fetch": async () => {
    const headers = { authorization: "Bearer user-token", "content-type": "application/json" };
    const answer = await fetch("https://graph.microsoft.com/v1.0/me/sendMail", {
      method: "POST",
      body: content,
      headers,
    });
    return answer.text();
  },
  "the channel's token checked": () => jwtVerify(token, keys, { algorithms: ["RS256"] }),
  "the channel's token checked by the others": async () => jsonwebtoken.verify(token, key, { algorithms: ["RS256"] }),
};

async function run(way) {
  let left = calls;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await way();
    }),
  );
}

const costs = {};
for (const [what, way] of Object.entries(ways)) {
  await run(way);
  const before = process.cpuUsage();
  await run(way);
  const { user, system } = process.cpuUsage(before);
  costs[what] = (user + system) / 1_000 / calls;
}
process.stdout.write(`${JSON.stringify(costs)}\n`);
process.exit(0);
