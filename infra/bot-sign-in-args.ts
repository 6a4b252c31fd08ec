import type * as pulumi from "@pulumi/pulumi";
import type { TeamsGroups } from "../contract/app-settings";
import type { Adopted } from "./settings/adopted";
import type { CodeArgs } from "./deployment/code";
import type { ConnectionArgs } from "./connections/connection";
import type { Environment, EnvironmentDefaults } from "./settings/environment";
import type { Existing } from "./deployment/existing";
import type { Residency } from "./facts/residency";

/** What a bot whose users sign in is made of. */
export interface BotSignInArgs {
  /** What is deployed: sizes, protection and lifetimes follow, see `infra/settings/environment.ts`. */
  readonly environment: Environment;
  /** Azure region of the resource group, the vault, the storage and the web app: `westeurope`. */
  readonly location: pulumi.Input<string>;
  /** Id of the tenant of both applications and of the vault. */
  readonly tenantId: pulumi.Input<string>;
  /** What users sign in to, at least one. */
  readonly connections: readonly ConnectionArgs[];
  /** Where the Bot Framework keeps conversations and tokens; independent of `location`. Default: `global`. */
  readonly residency?: Residency;
  /** What users see: in the channels, on the sign-in page, on the chat page. 1 to 35 characters; default: the component's name. */
  readonly displayName?: string;
  /** The bot's handle, unique in the world. Default: one of project, component, stack and random letters. */
  readonly botHandle?: string;
  /** What differs from the environment's defaults. */
  readonly overrides?: Partial<EnvironmentDefaults>;
  /** How somebody is answered who asks for something of his in a group of Teams: off, targeted, personal. Default: off. */
  readonly teamsGroups?: TeamsGroups;
  /** Any text; another one renews every secret. */
  readonly secretsRenewed?: string;
  /** The rotation that is asked for, `4` or `4 done`: `npm run rotate` gives it. Without it secrets stay as they are. */
  readonly secretsRotation?: string;
  /** Whether the deployer consents for everybody in the tenant, which takes an administrator. Default: no. */
  readonly adminConsent?: boolean;
  /** Passed to both applications where a tenant's policy asks for it. */
  readonly serviceManagementReference?: string;
  /** Default: the one that azure-native works in. */
  readonly subscriptionId?: pulumi.Input<string>;
  /** A bot of one's own: a folder or a zip of whatever SDK, see docs/your-own-bot.md. Default: the bundled bot of this checkout. */
  readonly code?: CodeArgs;
  /** What is there already and is used: neither changed nor deleted. What is not named is made. */
  readonly existing?: Existing;
  /** What was made by hand and is this component's now, see docs/adopt.md. */
  readonly adopted?: Adopted;
  /** App settings of the deployer's own; names that decide what runs are refused, and so are secrets. */
  readonly appSettings?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The same for secrets: each is kept in the vault, and the web app gets a reference. */
  readonly secretAppSettings?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Tags of the deployer's own, on everything that takes tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** A person or a team to ask, the commit that was deployed, and when a preview may be taken down: tags on every resource. */
  readonly owner?: string;
  readonly commit?: string;
  readonly expires?: string;
}
