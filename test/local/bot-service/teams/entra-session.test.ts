import { EntraSessions } from "../../../../local/azure/bot-service/teams/entra-session";
import type { Azure } from "../../../../local/azure/service";
import { localEntra, registerApp } from "../../entra/local-entra";

const desktopAndPhone = "1fec8e78-bce4-4aaf-ab1b-5451cc387264";
const scopeId = "0f8d2f1e-5a0e-4f0a-9f3e-2d6d3f8a9b10";

/** Teams' users beside a sign-in application that lets in Teams' desktop and phone, and not its web client. */
function teams() {
  const entra = localEntra();
  const resource = "api://botid-1";
  const { application } = registerApp(entra, "bot", {
    identifierUris: [resource],
    api: {
      requestedAccessTokenVersion: 2,
      preAuthorizedApplications: [{ appId: desktopAndPhone, delegatedPermissionIds: [scopeId] }],
      oauth2PermissionScopes: [
        {
          id: scopeId,
          value: "access_as_user",
          type: "User",
          isEnabled: true,
          adminConsentDisplayName: "a",
          adminConsentDescription: "a",
          userConsentDisplayName: "a",
          userConsentDescription: "a",
        },
      ],
    } as never,
  });
  const call = (_: string, url: string, init?: RequestInit): Promise<Response> => entra.handle(new Request(url, init));
  const sessions = new EntraSessions({ ...entra.azure, call } as Azure);
  return { entra, application, resource, sessions, people: entra.azure.tenant.people };
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

test("Teams gets each of its people a token of their own, for the application that let it in", async () => {
  const { application, resource, sessions, people } = teams();
  for (const person of people) {
    const asked = await sessions.tokenFor(person, "phone", resource);
    if (!("token" in asked)) throw new Error(asked.description);
    expect(claimsOf(asked.token)).toMatchObject({
      aud: application.appId,
      scp: "access_as_user",
      oid: person.objectId,
      azp: desktopAndPhone,
    });
  }
});

test("a client of Teams that the application did not let in gets no token before somebody consents", async () => {
  const { resource, sessions, people } = teams();
  expect(await sessions.tokenFor(people[1]!, "browser", resource)).toMatchObject({
    error: "invalid_grant",
    description: expect.stringContaining("AADSTS65001") as string,
  });
});

test("a resource that no application has is told as Entra tells it", async () => {
  const { sessions, people } = teams();
  expect(await sessions.tokenFor(people[0]!, "phone", "api://botid-2")).toMatchObject({
    description: expect.stringContaining("AADSTS500011") as string,
  });
});

test("Teams signs people in in a tenant that was kept before the local Azure knew Teams", async () => {
  const { entra, application, resource, sessions, people } = teams();
  const kept = entra.service.kept?.find(({ name }) => name === "service principals");
  const before = [...entra.directory.servicePrincipals].filter(([, { displayName }]) => !/Teams/.test(displayName));
  await kept?.restore(new Map(before) as never);
  const asked = await sessions.tokenFor(people[0]!, "phone", resource);
  expect("token" in asked && claimsOf(asked.token)).toMatchObject({ aud: application.appId });
});
