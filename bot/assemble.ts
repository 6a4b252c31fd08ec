import { ManagedIdentityCredential } from "@azure/identity";
import type { Build } from "../contract/app-settings";
import { createBot } from "./bot";
import type { Route } from "./host/host";
import { remoteChannelKeys } from "./host/keys";
import type { Log } from "./log";
import type { Settings } from "./settings";
import { openStorage } from "./storage";

/** The bot as it runs on App Service: Azure's own keys, the managed identity, the container of the settings. */
export function assemble(settings: Settings, build: Build, folder: string, log: Log): Route[] {
  const credential = new ManagedIdentityCredential({ clientId: settings.managedIdentityClientId });
  const storage = openStorage(settings.stateContainerUrl, credential);
  return createBot({ settings, build, folder, keys: remoteChannelKeys(), credential, storage, log });
}
