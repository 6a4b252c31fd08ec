import { regionOf } from "../facts/cloud";
import { type FoundApplication, lackingOf } from "./existing";
import { alwaysOn, type HostingSize, hostingSizes, tierOf } from "../facts/hosting-size";
import type { Tags } from "./tags";
import { nearest } from "../settings/nearest";

/** What is wrong with something that a deployment meets in Azure, in a sentence, and what to do about it. */
export interface Obstacle {
  /** Finishes a sentence that begins with the thing: `is not there`. */
  readonly found: string;
  readonly fix: string;
}

/** A region as ARM lists it: `westeurope`, `West Europe`. */
export interface FoundRegion {
  readonly name: string;
  readonly displayName?: string;
}

/** A region that the subscription does not have, with the nearest that it has. An empty list says nothing. */
export function unknownRegion(
  location: string,
  regions: readonly FoundRegion[],
): (Obstacle & { readonly meant: string | undefined }) | undefined {
  const wanted = location.toLowerCase().replace(/\s+/g, "");
  if (regions.length === 0 || regions.some(({ name }) => name.toLowerCase() === wanted)) return undefined;
  const names = regions.map(({ name }) => name);
  const meant = nearest(wanted, names);
  return {
    meant,
    found: "is none of the subscription's",
    fix:
      (meant === undefined ? "Name one of them: " : `Did you mean ${meant}? Then `) +
      `pulumi config set location ${meant ?? "<region>"}. All of them: az account list-locations --output table`,
  };
}

/** A group as ARM shows it. */
export interface FoundGroup {
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly properties?: { readonly provisioningState?: string };
}

export function handedInGroup(name: string, found: FoundGroup | undefined): Obstacle | undefined {
  if (!found) {
    return {
      found: "is not there",
      fix: `Correct the name, or make it: az group create --name ${name} --location <region>`,
    };
  }
  if (found.properties?.provisioningState !== "Deleting") return undefined;
  return { found: "is being deleted", fix: "Name another one." };
}

/** A group of the name that the program would give its own: whoever made it would lose it, or see it change. */
export function ownGroup(name: string, tags: Tags, found: FoundGroup | undefined): Obstacle | undefined {
  if (!found) return undefined;
  const { project, stack, component } = tags;
  const seen = found.tags ?? {};
  if (seen["project"] === project && seen["stack"] === stack && seen["component"] === component) return undefined;
  return {
    found: "is there already, and by its tags it is not of this stack",
    fix:
      `Delete or rename it; or let the program use it as it is: ` +
      `pulumi config set --path existing.resourceGroup ${name}`,
  };
}

/** A vault as ARM shows it. */
export interface FoundVault {
  readonly properties?: { readonly enableRbacAuthorization?: boolean | null; readonly tenantId?: string };
}

export function handedInVault(id: string, found: FoundVault | undefined, tenantId: string): Obstacle | undefined {
  const [name = "", group = ""] = [id.split("/").at(-1), id.split("/")[4]];
  if (!found) {
    return {
      found: "is not there",
      fix: "Correct the id; a deleted one comes back by az keyvault recover --name " + name,
    };
  }
  const tenant = found.properties?.tenantId ?? tenantId;
  if (tenant.toLowerCase() !== tenantId.toLowerCase()) {
    return {
      found: `belongs to the tenant ${tenant}, the deployment to ${tenantId}`,
      fix: "Name a vault of the same tenant.",
    };
  }
  if (found.properties?.enableRbacAuthorization === true) return undefined;
  return {
    found: "is opened by access policies, and the bot reads its secrets by a role",
    fix: `Its owner lets roles open it: az keyvault update --name ${name} --resource-group ${group} --enable-rbac-authorization true`,
  };
}

/** An App Service plan as ARM shows it. */
export interface FoundPlan {
  readonly location?: string;
  readonly sku?: { readonly name?: string; readonly tier?: string };
  readonly properties?: { readonly reserved?: boolean | null };
}

/** Tiers in which a web app runs; the others are of functions and logic apps, or know no Linux. */
const hostingTiers = [
  "free",
  "basic",
  "standard",
  "premium",
  "premiumv2",
  "premiumv3",
  "premiumv4",
  "isolated",
  "isolatedv2",
];

export function handedInPlan(
  found: FoundPlan | undefined,
  { location, hostingSize }: { readonly location: string; readonly hostingSize: string },
): Obstacle | undefined {
  if (!found) return { found: "is not there", fix: 'Correct the id: az appservice plan list --query "[].id"' };
  if (found.properties?.reserved !== true) {
    return {
      found: "is one for Windows, and the bot runs on Linux",
      fix: "Name a plan for Linux (az appservice plan create --is-linux).",
    };
  }
  if (regionOf(found.location) !== regionOf(location)) {
    return {
      found: `is in ${regionOf(found.location)}, the deployment in ${regionOf(location)}`,
      fix: `A web app runs where its plan is: name another plan, or pulumi config set location ${regionOf(found.location)}`,
    };
  }
  const { name = "", tier = "" } = found.sku ?? {};
  if (!hostingTiers.includes(tier.toLowerCase())) {
    return {
      found: `is of the size ${name} (${tier}), which runs no web app of this kind`,
      fix: `Name one of ${hostingSizes.join(", ")} or larger.`,
    };
  }
  // The setting decides whether the bot may sleep, which the free size alone asks for.
  const wakes = isSize(hostingSize) ? alwaysOn(hostingSize) : true;
  if (wakes && tier.toLowerCase() === "free") {
    return {
      found: `is of the free size ${name}, on which no app is always on, and hostingSize is ${hostingSize}`,
      fix: "Name a larger plan, or let the bot sleep: pulumi config set hostingSize F1",
    };
  }
  if (!wakes && tier.toLowerCase() !== "free") {
    return {
      found: `is of the size ${name} (${tier}), and by hostingSize ${hostingSize} (${tierOf("F1")}) the bot would sleep on it`,
      fix: "pulumi config set hostingSize B1",
    };
  }
  return undefined;
}

const isSize = (size: string): size is HostingSize => (hostingSizes as readonly string[]).includes(size);

export function handedInWorkspace(found: object | undefined): Obstacle | undefined {
  if (found) return undefined;
  return { found: "is not there", fix: 'Correct the id: az monitor log-analytics workspace list --query "[].id"' };
}

export function handedInIdentity(found: object | undefined): Obstacle | undefined {
  if (found) return undefined;
  return { found: "is not there", fix: 'Correct the id: az identity list --query "[].id"' };
}

/** A thing that is made below another has to be in the subscription that the deployment works in. */
export function ofSubscription(id: string, subscriptionId: string): Obstacle | undefined {
  const seen = id.split("/")[2] ?? "";
  if (seen.toLowerCase() === subscriptionId.toLowerCase()) return undefined;
  return {
    found: `is in the subscription ${seen}, the deployment in ${subscriptionId}`,
    fix: "Name one of the same subscription.",
  };
}

/** What the tenant knows of a client id. */
export interface FoundSignIn {
  readonly application?: FoundApplication;
  /** Tenant of the application behind a service principal, where the application itself is not here. */
  readonly elsewhere?: string;
}

export function handedInSignInApp(
  { application, elsewhere }: FoundSignIn,
  wanted: {
    readonly tenantId: string;
    readonly redirectAddress: string;
    readonly permissions: Readonly<Record<string, string>>;
  },
): Obstacle | undefined {
  if (elsewhere !== undefined) {
    return {
      found: `belongs to the tenant ${elsewhere}, the deployment to ${wanted.tenantId}`,
      fix: "Name an application of this tenant: only there can it get a password.",
    };
  }
  if (!application) {
    return {
      found: `is not there in the tenant ${wanted.tenantId}`,
      fix: 'Correct the client id: az ad app list --display-name <name> --query "[].appId"',
    };
  }
  const lacking = lackingOf(application, wanted);
  if (lacking.length === 0) return undefined;
  return { found: lacking.join("; "), fix: "It is not changed by this program: whoever owns it adds that." };
}

export function handedInBotApp({ application, elsewhere }: FoundSignIn, tenantId: string): Obstacle | undefined {
  if (application) return undefined;
  return {
    found: elsewhere === undefined ? `is not there in the tenant ${tenantId}` : `belongs to the tenant ${elsewhere}`,
    fix: "Name the application of this tenant that the bot is: only there can it get a password.",
  };
}
