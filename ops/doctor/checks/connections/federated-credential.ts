import { tokenExchangeAudience, tokenStoreProof } from "../../../../infra/facts/federated-subject";
import type { Connection, SetUp } from "../../set-up";
import { valueOf } from "../../set-up/read-value";
import { noApplication } from "../causes";
import type { Ungrouped } from "../check";
import { application, each } from "./connection";

/** What the Token Service presents in place of a client secret. */
interface Proof {
  readonly issuer: string;
  readonly subject: string;
}

/** The proof of a connection that presents one; undefined for all others, and where its id is not one of the Token Service's. */
function proofOf({ parameters, proof }: Connection, { tenantId }: SetUp): Proof | undefined {
  const tail = parameters.get("uniqueidentifier");
  if (proof !== "federated credential" || !tail || tail.includes("/")) return undefined;
  return tokenStoreProof(parameters.get("tenantid") ?? tenantId, tail);
}

const create = ({ clientId }: Connection, { issuer, subject }: Proof): string =>
  `az ad app federated-credential create --id ${clientId} --parameters '${JSON.stringify({ name: "token-service", issuer, subject, audiences: [tokenExchangeAudience] })}'`;

const credentialsOf = ({ app }: Connection) => (app && valueOf(app.federated)) || [];
const isUnread = ({ app }: Connection): boolean => !app || "unread" in app.federated;

function isTokenStores(subject: string): boolean {
  return subject.toLowerCase().startsWith("/eid1/c/pub/t/");
}

const federated = (
  code: string,
  what: string,
  judge: (connection: Connection, proof: Proof) => string | undefined,
): Ungrouped => ({
  code,
  what,
  fix: "az ad app federated-credential create --id <application id> --parameters credential.json",
  mendedByUp: true,
  follows: noApplication.ofConnection,
  look: each(function* (connection, setUp) {
    const proof = proofOf(connection, setUp);
    const evidence = proof && connection.app && valueOf(connection.app.application) && judge(connection, proof);
    if (evidence) yield { where: application(connection), evidence, fix: create(connection, proof!) };
  }),
});

/** The proof of the Token Service in place of a client secret, against the application's federated credentials. */
export const federatedChecks: readonly Ungrouped[] = [
  federated(
    "federated-credential-missing",
    "The connection's application has no federated credential of the Token Service: the last step of every sign-in fails",
    (connection, { issuer, subject }) => {
      const near = credentialsOf(connection).some(
        (one) => one.issuer === issuer || one.subject === subject || isTokenStores(one.subject),
      );
      if (isUnread(connection) || near) return undefined;
      return `it has ${
        credentialsOf(connection)
          .map(({ name }) => name)
          .join(", ") || "none"
      }, expected one with the issuer ${issuer} and the subject ${subject}`;
    },
  ),
  federated(
    "federated-issuer",
    "The federated credential of the Token Service names another issuer than the application's tenant (AADSTS700211)",
    (connection, { issuer, subject }) => {
      if (credentialsOf(connection).some((one) => one.issuer === issuer)) return undefined;
      const other = credentialsOf(connection).find((one) => one.subject === subject || isTokenStores(one.subject));
      return other && `${other.name}: the issuer ${other.issuer}, expected ${issuer}`;
    },
  ),
  federated(
    "federated-subject",
    "The federated credential of the Token Service has another subject than the connection's (AADSTS7002137)",
    (connection, { issuer, subject }) => {
      if (credentialsOf(connection).some((one) => one.subject === subject)) return undefined;
      const other = credentialsOf(connection).find((one) => one.issuer === issuer || isTokenStores(one.subject));
      return other && `${other.name}: the subject ${other.subject}, expected ${subject}`;
    },
  ),
  federated(
    "federated-audience",
    "The federated credential of the Token Service has another audience (AADSTS700212)",
    (connection, { issuer, subject }) => {
      const ours = credentialsOf(connection).find((one) => one.issuer === issuer && one.subject === subject);
      if (!ours || ours.audiences.includes(tokenExchangeAudience)) return undefined;
      return `${ours.name}: the audience ${ours.audiences.join(", ")}, expected ${tokenExchangeAudience}`;
    },
  ),
];
