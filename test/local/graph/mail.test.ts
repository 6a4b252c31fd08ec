import { localGraph, refusal, type LocalGraph } from "./local-graph";

let graph: LocalGraph;
beforeAll(async () => {
  graph = await localGraph();
});

test("who is signed in, as the bot's 'who am i' shows it", async () => {
  const token = await graph.tokenOf("Sam", "User.Read");
  expect((await graph.call("GET", "/me", undefined, token)).body).toMatchObject({
    displayName: "Sam Okoye",
    givenName: "Sam",
    surname: "Okoye",
    mail: "sam@contoso.example",
    userPrincipalName: "sam@contoso.example",
    jobTitle: "Sales",
  });
  const selected = await graph.call("GET", "/me?$select=displayName,mail", undefined, token);
  expect(selected.body).toEqual({
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(displayName,mail)/$entity",
    displayName: "Sam Okoye",
    mail: "sam@contoso.example",
  });
});

test("recent messages come newest first, with the properties asked for", async () => {
  const token = await graph.tokenOf("Sam", "Mail.Read");
  const path = "/me/messages?$top=2&$select=subject,from,receivedDateTime&$orderby=receivedDateTime%20desc";
  const { body } = await graph.call("GET", path, undefined, token);
  expect(body.value.map(({ subject }: { subject: string }) => subject)).toEqual([
    "Re: Bot pilot: who may sign in?",
    "Your trip to Oslo is booked",
  ]);
  expect(Object.keys(body.value[0]).sort()).toEqual(["@odata.etag", "from", "id", "receivedDateTime", "subject"]);
  const age = Date.now() - Date.parse(body.value[0].receivedDateTime);
  expect(age).toBeGreaterThanOrEqual(3600_000);
  expect(age).toBeLessThan(3700_000);
  expect(body["@odata.nextLink"]).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/me\/messages\?.*\$skiptoken=/);
  const one = await graph.call("GET", `/me/messages/${body.value[0].id}`, undefined, token);
  expect(one.body.body.content).toContain("Mail.Read needs my consent");
});

test("mail sent as Ada reaches Sam, and stays in Ada's sent items", async () => {
  const sent = await graph.call(
    "POST",
    "/me/sendMail",
    {
      message: {
        subject: "Hello",
        body: { contentType: "Text", content: "Hello Sam" },
        toRecipients: [{ emailAddress: { address: "Sam@contoso.example" } }],
      },
    },
    await graph.tokenOf("Ada", "Mail.Send"),
  );
  expect(sent).toEqual({ status: 202, body: undefined });
  const received = await graph.call("GET", "/me/messages?$top=1", undefined, await graph.tokenOf("Sam", "Mail.Read"));
  expect(received.body.value).toMatchObject([
    {
      subject: "Hello",
      bodyPreview: "Hello Sam",
      isRead: false,
      from: { emailAddress: { name: "Ada Lindgren", address: "ada@contoso.example" } },
    },
  ]);
  const kept = await graph.call(
    "GET",
    "/me/mailFolders/sentitems/messages",
    undefined,
    await graph.tokenOf("Ada", "Mail.Read"),
  );
  expect(kept.body.value).toMatchObject([{ subject: "Hello" }]);
});

test("mail to nobody, or to what is no address, is not sent", async () => {
  const token = await graph.tokenOf("Ada", "Mail.Send");
  const send = (toRecipients: unknown[]): ReturnType<LocalGraph["call"]> =>
    graph.call("POST", "/me/sendMail", { message: { subject: "x", toRecipients } }, token);
  expect(refusal(await send([])).slice(0, 2)).toEqual([400, "ErrorInvalidRecipients"]);
  expect(refusal(await send([{ emailAddress: { address: "sam" } }])).slice(0, 2)).toEqual([
    400,
    "ErrorInvalidRecipients",
  ]);
});

describe("a token opens what it was granted and no more", () => {
  test("without Mail.Read no message is read, without Mail.Send none is sent", async () => {
    const token = await graph.tokenOf("Kim", "User.Read");
    const denied = [403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."];
    expect(refusal(await graph.call("GET", "/me/messages", undefined, token))).toEqual(denied);
    expect(refusal(await graph.call("POST", "/me/sendMail", {}, token))).toEqual(denied);
  });

  test("nobody reads another person's mailbox", async () => {
    const token = await graph.tokenOf("Kim", "Mail.Read");
    expect(refusal(await graph.call("GET", "/users/sam@contoso.example/messages", undefined, token))[0]).toBe(403);
    expect((await graph.call("GET", "/users/kim@contoso.example/messages", undefined, token)).status).toBe(200);
  });

  test("Mail.ReadBasic shows no bodies", async () => {
    const { body } = await graph.call("GET", "/me/messages", undefined, await graph.tokenOf("Kim", "Mail.ReadBasic"));
    expect(body.value[0]).not.toHaveProperty("body");
    expect(body.value[0]).not.toHaveProperty("bodyPreview");
  });

  test("an application's own token is no person's", async () => {
    expect(refusal(await graph.call("GET", "/me"))).toEqual([
      400,
      "BadRequest",
      "/me request is only valid with delegated authentication flow.",
    ]);
  });

  test("no token, a broken one, one for another service and one that is too old are told apart", async () => {
    const own = await localGraph();
    const message = async (token: string): Promise<string> => {
      const [status, code, text] = refusal(await own.call("GET", "/me", undefined, token));
      expect([status, code]).toEqual([401, "InvalidAuthenticationToken"]);
      return text;
    };
    expect(await message("")).toBe("Access token is empty.");
    expect(await message("x")).toBe("IDX14100: JWT is not well formed, there are no dots (.).");
    const identity = own.entra.directory.addManagedIdentity("i", "/subscriptions/x");
    const vault = await own.entra.directory.managedIdentityToken(identity.clientId, "https://vault.azure.net");
    expect(await message(vault?.accessToken as string)).toBe("Access token validation failure. Invalid audience.");
    own.entra.directory.lifetimes.userToken = 60;
    const token = await own.tokenOf("Sam", "User.Read");
    expect((await own.call("GET", "/me", undefined, token)).status).toBe(200);
    own.entra.azure.clock.advance(61_000);
    expect(await message(token)).toBe("Lifetime validation failed, the token is expired.");
  });
});
