import { shellWord } from "../../cli/shell-word";
import type { Part } from "./part";
import { applicationPart, credentialParts, permissionParts } from "./plan/application";
import { branchParts, environmentParts, variableParts } from "./plan/environment";
import { customRolePart, roleParts } from "./plan/roles";
import { stateParts } from "./plan/state";
import type { FoundPipeline } from "./read";
import { type WantedIdentity, type WantedPipeline, backendOf, idsOf, secretsProviderOf } from "./wanted";

/** Holds what a pipeline needs against what there is, in the order in which it is made. Pure. */
export function planPipeline(wanted: WantedPipeline, found: FoundPipeline): readonly Part[] {
  return [
    ...stateParts(wanted, found),
    ...wanted.customRoles.map((role) => customRolePart(role, found)),
    ...wanted.identities.flatMap((identity) => identityParts(wanted, identity, found)),
    stackFilePart(wanted),
  ];
}

/** Who makes a stack writes its state: that is a person's own right, which he needs once. */
function stackFilePart({ place, level, secretsProvider }: WantedPipeline): Part {
  const file = `Pulumi.${level}.yaml`;
  const provider = secretsProviderOf(place, level);
  const part = { where: "Here", what: `${file} names the key ${level}` } as const;
  if (secretsProvider === provider) return { ...part, found: "there" };
  const { container, key } = idsOf(place, level);
  const give = (role: string, scope: string): string =>
    `az role assignment create --assignee $(az ad signed-in-user show --query id --output tsv) --role "${role}" --scope ${shellWord(scope)}`;
  const typed =
    level === "preview"
      ? [`echo "secretsprovider: ${provider}" >> ${file}`]
      : [
          give("Storage Blob Data Contributor", container),
          give("Key Vault Crypto User", key),
          `npx pulumi login "${backendOf(place, level)}"`,
          secretsProvider === undefined
            ? `npx pulumi stack init ${level} --secrets-provider "${provider}"`
            : `npx pulumi stack change-secrets-provider "${provider}" --stack ${level}`,
        ];
  return {
    ...part,
    found: secretsProvider === undefined ? "missing" : "differs",
    ...(secretsProvider === undefined ? {} : { because: `it names ${secretsProvider}` }),
    fix: [...typed, `then commit ${file}`].join("\n"),
  };
}

function identityParts(wanted: WantedPipeline, identity: WantedIdentity, found: FoundPipeline): Part[] {
  const has = found.identities.get(identity.name) ?? { credentials: [], assignments: [], permissions: [] };
  return [
    applicationPart(identity, has),
    ...credentialParts(identity, has),
    ...permissionParts(identity, has),
    ...roleParts(wanted, identity, has, found),
    ...environmentParts(wanted, identity, has),
    ...branchParts(identity, has),
    ...variableParts(identity, has),
  ];
}
