import type { Kept } from "../../data/folder";
import type { Azure, Resource } from "../service";
import { Blobs, nextETag, type Blob } from "./blobs";

export const accountType = "Microsoft.Storage/storageAccounts";
export const serviceType = "Microsoft.Storage/storageAccounts/blobServices";
export const containerType = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** Storage accounts and their containers are ARM's resources; what the containers hold is kept here. */
export class Accounts {
  readonly #blobs = new Map<string, Blobs>();

  constructor(private readonly azure: Azure) {}

  /** An account by its name, which is unique in the world. */
  account(name: string): Resource | undefined {
    return this.azure.resources.list(accountType).find((account) => account.name === name.toLowerCase());
  }

  now(): Date {
    return this.azure.clock.now();
  }

  container(account: Resource, name: string): Resource | undefined {
    return this.azure.resources.get(containerId(account, name));
  }

  containers(account: Resource): Resource[] {
    return this.azure.resources.list(containerType, account.id);
  }

  blobs(container: Resource): Blobs {
    const key = container.id.toLowerCase();
    const known = this.#blobs.get(key) ?? new Blobs(() => this.azure.clock);
    this.#blobs.set(key, known);
    return known;
  }

  /** Keeps what is committed; blocks that wait are lost with a restart. */
  readonly kept: Kept = {
    name: "blobs",
    snapshot: () => new Map([...this.#blobs].map(([container, blobs]) => [container, blobs.all()])),
    restore: (kept) => {
      for (const [container, blobs] of kept as Map<string, Blob[]>) {
        this.#blobs.set(container, new Blobs(() => this.azure.clock, blobs));
      }
    },
  };

  /** Makes a container as the data plane does. */
  createContainer(account: Resource, name: string, metadata: Record<string, string>): Resource {
    return this.azure.resources.set({
      id: containerId(account, name),
      name,
      type: containerType,
      ...this.newContainer({ metadata }),
    });
  }

  /** What a container has at its creation. */
  newContainer(given: Record<string, unknown>): { etag: string; properties: Record<string, unknown> } {
    const now = this.azure.clock.now();
    return {
      etag: nextETag(now),
      properties: {
        ...{ publicAccess: "None", leaseStatus: "Unlocked", leaseState: "Available", deleted: false },
        ...{ hasImmutabilityPolicy: false, hasLegalHold: false, remainingRetentionDays: 0 },
        ...{ defaultEncryptionScope: "$account-encryption-key", denyEncryptionScopeOverride: false },
        ...given,
        lastModifiedTime: now.toISOString(),
      },
    };
  }

  deleteContainer(container: Resource): void {
    this.azure.resources.remove(container.id);
    this.forget(container);
  }

  /** Drops what a deleted container held. */
  forget(container: Resource): void {
    this.#blobs.delete(container.id.toLowerCase());
  }
}

export function containerId(account: Resource, name: string): string {
  return `${account.id}/blobServices/default/containers/${name}`;
}

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export const containerName = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$|^\$(root|web|logs)$/;
