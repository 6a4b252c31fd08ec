import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient } from "@azure/storage-blob";
import type { Build } from "../contract/app-settings";
import { createBot } from "./bot";
import type { Route } from "./host/host";
import { remoteChannelKeys } from "./host/keys";
import type { Log } from "./log";
import type { Settings } from "./settings";
import { BlobStorage } from "./storage";

/** How a storage that is away for some seconds is asked again: a turn, which ends it, has more than a second left then. */
const retryOptions = { maxTries: 8, retryDelayInMs: 200, maxRetryDelayInMs: 2_000, tryTimeoutInMs: 5_000 };

/** The bot as it runs on App Service: Azure's own keys, the managed identity, the container of the settings. */
export function assemble(settings: Settings, build: Build, folder: string, log: Log): Route[] {
  const credential = new ManagedIdentityCredential({ clientId: settings.managedIdentityClientId });
  const storage = new BlobStorage(new ContainerClient(settings.stateContainerUrl, credential, { retryOptions }));
  return createBot({ settings, build, folder, keys: remoteChannelKeys(), credential, storage, log });
}
