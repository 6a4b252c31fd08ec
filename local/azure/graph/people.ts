import type { DirectoryStore } from "../entra/directory-store";
import { directoryName } from "../entra/tenants";
import { each } from "../members";
import type { Person } from "../tenant";
import { holds, type Caller } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { refusals } from "./errors";
import type { Graph, GraphRoutes } from "./graph-call";

/** The properties that Graph gives of a user where `$select` asks for no others. */
const usual = (
  "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname " +
  "userPrincipalName id"
).split(" ");
const options = { type: "user", context: "users", usual };
const readSelf = ["User.Read", "User.ReadWrite", "User.ReadBasic.All", "User.Read.All", "Directory.Read.All"] as const;
const readEverybody = ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"] as const;

/** `/me`, `/users` and `/organization`. */
export function peopleRoutes({ directory }: Graph): GraphRoutes {
  return {
    "GET /me": ({ url, caller }) => {
      const person = signedIn(caller);
      if (!holds(caller, readSelf)) throw refusals.privileges();
      return answerEntity(url, shown(person), options);
    },
    "GET /users": ({ url, caller }) => {
      if (!holds(caller, readEverybody)) throw refusals.privileges();
      return answerCollection(url, directory.people.map(shown), options);
    },
    "GET /users/{id}": ({ url, params, caller }) => {
      const person = findPerson(directory, params["id"] as string);
      const self = caller.person === person && holds(caller, readSelf);
      if (!self && !holds(caller, readEverybody)) throw refusals.privileges();
      return answerEntity(url, shown(person as Person), options);
    },
    "GET /organization": ({ url, caller }) => {
      if (!holds(caller, [...readEverybody, "User.Read"])) throw refusals.privileges();
      return answerCollection(url, [organization(directory)], { type: "organization", context: "organization" });
    },
  };
}

/** The person for whom the caller acts. Throws `BadRequest` where an application acts for itself. */
export function signedIn(caller: Caller): Person {
  if (!caller.person) throw refusals.personOnly();
  return caller.person;
}

/** A person by object id or user principal name. Throws `Request_ResourceNotFound`. */
export function findPerson(directory: DirectoryStore, id: string): Person {
  const name = id.toLowerCase();
  const person = directory.people.find(({ objectId, mail }) => objectId === name || mail === name);
  if (!person) throw refusals.notFound(id);
  return person;
}

/** A person as other objects' lists show them: the usual properties. */
export function usuallyShown(person: Person): Record<string, unknown> {
  const all = shown(person);
  return Object.fromEntries(usual.map((name) => [name, all[name]]));
}

/** A person as Graph's user: https://learn.microsoft.com/graph/api/resources/user */
function shown(person: Person): Record<string, unknown> {
  return {
    businessPhones: [],
    displayName: person.name,
    givenName: person.givenName,
    jobTitle: person.jobTitle,
    mail: person.mail,
    ...each(null, "mobilePhone officeLocation preferredLanguage"),
    surname: person.name.slice(person.givenName.length).trim(),
    userPrincipalName: person.mail,
    id: person.objectId,
    accountEnabled: true,
    companyName: null,
    department: person.jobTitle,
    identities: [],
    mailNickname: person.givenName.toLowerCase(),
    otherMails: [],
    proxyAddresses: [`SMTP:${person.mail}`],
    usageLocation: null,
    userType: "Member",
  };
}

function organization(directory: DirectoryStore): Record<string, unknown> {
  const { tenantId, domain } = directory.tenant;
  return {
    id: tenantId,
    displayName: directoryName(directory.tenant),
    tenantType: "AAD",
    verifiedDomains: [{ capabilities: "Email", isDefault: true, isInitial: true, name: domain, type: "Managed" }],
  };
}
