import { each } from "../members";

/** A security group, in Graph's own form: https://learn.microsoft.com/graph/api/resources/group */
export interface Group {
  readonly id: string;
  displayName: string;
  description: string | null;
  mailNickname: string;
  readonly createdDateTime: string;
  /** Object ids of its direct members: people, service principals, other groups. */
  members: string[];
  [property: string]: unknown;
}

/** A security group as Graph makes it where the request says nothing. recorded: azure-cli test_group_scenario */
export function newGroup(
  given: Pick<Group, "id" | "displayName" | "mailNickname" | "createdDateTime"> & Partial<Group>,
): Group {
  return {
    ...each(
      null,
      "deletedDateTime classification description expirationDateTime isAssignableToRole mail",
      "membershipRule membershipRuleProcessingState onPremisesDomainName onPremisesLastSyncDateTime",
      "onPremisesNetBiosName onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled",
      "preferredDataLocation preferredLanguage theme visibility",
    ),
    creationOptions: [],
    groupTypes: [],
    mailEnabled: false,
    proxyAddresses: [],
    renewedDateTime: given.createdDateTime,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    securityEnabled: true,
    securityIdentifier: securityIdentifier(given.id),
    onPremisesProvisioningErrors: [],
    members: [],
    ...given,
  };
}

/** The groups that an object is in, directly or by other groups. */
export function groupsOf(groups: Iterable<Group>, objectId: string): Set<string> {
  const all = [...groups];
  const found = new Set<string>();
  const above = (id: string): void => {
    for (const group of all) {
      if (found.has(group.id) || !group.members.includes(id)) continue;
      found.add(group.id);
      above(group.id);
    }
  };
  above(objectId.toLowerCase());
  return found;
}

/** Windows' name of an object of Entra: the four numbers of its id. */
function securityIdentifier(id: string): string {
  const [first, second, third, ...rest] = id.split("-") as [string, string, string, string, string];
  const tail = Buffer.from(rest.join(""), "hex");
  const numbers = [Number(`0x${first}`), Number(`0x${third}${second}`), tail.readUInt32LE(0), tail.readUInt32LE(4)];
  return `S-1-12-1-${numbers.join("-")}`;
}

/** A group as Graph shows it: its members are a list of their own. */
export function shownGroup({ members: _apart, ...group }: Group): Record<string, unknown> {
  return group;
}
