import { randomUUID } from "node:crypto";
import { newSecret } from "./secrets";

/** A person of the local tenant. */
export interface Person {
  readonly objectId: string;
  readonly name: string;
  readonly givenName: string;
  /** User principal name and mail address. */
  readonly mail: string;
  readonly jobTitle: string;
  /** Global administrator: may consent for everyone. */
  readonly administrator: boolean;
}

/** Who and what the local Azure begins with: one tenant, one subscription, three people, one deployer. */
export interface Tenant {
  readonly tenantId: string;
  readonly domain: string;
  readonly subscriptionId: string;
  readonly people: readonly Person[];
  /** The one password of all local people; the sign-in page shows it. */
  readonly password: string;
  /** The app that deploys: Owner of the subscription, Application.ReadWrite.All and grants at Graph. */
  readonly deployer: { readonly clientId: string; readonly clientSecret: string; readonly objectId: string };
}

/** A fresh tenant: new ids and secrets, the same three people. */
export function newTenant(): Tenant {
  const domain = "contoso.example";
  const person = (givenName: string, surname: string, jobTitle: string, administrator = false): Person => ({
    objectId: randomUUID(),
    name: `${givenName} ${surname}`,
    givenName,
    mail: `${givenName.toLowerCase()}@${domain}`,
    jobTitle,
    administrator,
  });
  return {
    tenantId: randomUUID(),
    domain,
    subscriptionId: randomUUID(),
    people: [
      person("Ada", "Lindgren", "Administrator", true),
      person("Sam", "Okoye", "Sales"),
      person("Kim", "Tanaka", "Support"),
    ],
    password: "local-password",
    deployer: { clientId: randomUUID(), clientSecret: newSecret(30, "base64url"), objectId: randomUUID() },
  };
}
