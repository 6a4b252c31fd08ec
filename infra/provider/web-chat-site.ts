import { type Access, deployerAccess } from "../azure/access";
import { armClient } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { type BotAddress, botId } from "../azure/bot-service";
import {
  addressOf,
  blocksUploads,
  closed,
  defaultSite,
  kept,
  noChannel,
  readChannel,
  readSites,
  siteNamed,
  writeSites,
} from "./channel-sites";
import { difference, type Lifecycle } from "./lifecycle";
import { botAddressInputs, flag, type ResourceSchema, text } from "./schema";

export type Inputs = BotAddress;

export interface Outputs extends Inputs {
  readonly disabled: boolean;
  /** Why the site is still open; empty where it is not. */
  readonly reason: string;
  /** True where the site was closed and somebody has opened it since. */
  readonly reopened: boolean;
}

export const webChatDefaultSiteSchema: ResourceSchema<Inputs, Outputs> = {
  description: "Tries to close the default site of a bot's Web Chat channel, and says whether that came about.",
  inputs: botAddressInputs,
  outputs: {
    disabled: flag("Whether the site is closed."),
    reason: text("Why the site is still open; empty where it is not."),
    reopened: flag("True where the site was closed and somebody has opened it since."),
  },
};

/**
 * Web Chat's own default site. It cannot be deleted, and no recording shows that it can be switched off: so this tries,
 * reads back, and says what it found instead of failing a deployment over a service that does not take the write.
 */
export function webChatDefaultSite(access: () => Access = deployerAccess): Lifecycle<Inputs, Outputs> {
  const close = async (inputs: Inputs): Promise<Outputs> => {
    const reason = await closeSite(access(), channelId(inputs)).catch(notTaken);
    return { ...inputs, disabled: reason === "", reason, reopened: false };
  };
  return {
    check: async () => [],
    diff: async (_id, olds, news) => {
      const found = difference<Inputs>(olds, news, ["subscriptionId", "resourceGroupName", "botName"], []);
      // A site that the service never closed is not tried again: every deployment would then show a change.
      return { ...found, changes: found.changes || olds.reopened === true };
    },
    create: async (inputs) => ({ id: `${channelId(inputs)}/sites/${defaultSite}`, outs: await close(inputs) }),
    update: async (_id, _olds, news) => ({ outs: await close(news) }),
    async read(id, props) {
      const address = props ?? addressOf(id, "WebChatChannel").bot;
      const sites = await readSites(armClient(access()), channelId(address));
      if (!sites) return undefined;
      const reason = stillOpen(siteNamed(sites, defaultSite)?.isEnabled);
      const reopened = reason !== "" && (props?.disabled === true || props?.reopened === true);
      return { id, props: { ...address, disabled: reason === "", reason, reopened } };
    },
    // Nothing to undo: a site that was closed stays closed, and goes with its bot.
    delete: async () => {},
  };
}

function channelId(address: BotAddress): string {
  return `${botId(address)}/channels/WebChatChannel`;
}

async function closeSite(access: Access, id: string): Promise<string> {
  const arm = armClient(access);
  const { sites, location } = (await readChannel(arm, id)) ?? noChannel;
  const site = siteNamed(sites, defaultSite);
  if (!site || (site.isEnabled !== true && blocksUploads(site))) return "";
  await writeSites(
    arm,
    id,
    sites.map((site) => (site.siteName === defaultSite ? closed(site) : kept(site))),
    location,
  );
  return stillOpen(siteNamed((await readSites(arm, id)) ?? [], defaultSite)?.isEnabled);
}

/**
 * Why the service does not take the write. A missing right, a busy bot or a broken line is no such reason: another
 * deployment could close the site, and would not try to if this one had gone through.
 */
function notTaken(error: unknown): string {
  if (error instanceof AzureCallError && (error.status === 400 || error.status === 405)) return error.message;
  throw error;
}

function stillOpen(isEnabled: boolean | null | undefined): string {
  return isEnabled === true ? "the service took the write and left the site enabled" : "";
}
