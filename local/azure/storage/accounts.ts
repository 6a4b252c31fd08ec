import { day } from "../../../contract/time";
import type { Kept } from "../../data/folder";
import type { Azure, Resource } from "../service";
import { each } from "../members";
import { Blobs, nextETag, type Blob } from "./blobs";
import { expired, type Policy } from "./lifecycle";

export const accountType = "Microsoft.Storage/storageAccounts";
export const serviceType = "Microsoft.Storage/storageAccounts/blobServices";
export const containerType = "Microsoft.Storage/storageAccounts/blobServices/containers";
export const policyType = "Microsoft.Storage/storageAccounts/managementPolicies";

/** Milliseconds from one look of the lifecycle policies at the blobs to the next. */
const betweenLooks = day;

/** Storage accounts and their containers are ARM's resources; what the containers hold is kept here. */
export class Accounts {
  readonly #blobs = new Map<string, Blobs>();
  /** When a container's blobs were last looked at, in milliseconds since 1970. */
  readonly #lookedAt = new Map<string, number>();

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
    this.#deleteExpired(container, known);
    return known;
  }

  /** Azure looks once a day. Nobody can tell the moment of it, so that here it is the first request after it. */
  #deleteExpired(container: Resource, blobs: Blobs): void {
    const policy = this.azure.resources.get(policyId({ id: container.id.split("/blobServices/")[0]! }));
    if (!policy) return;
    const key = container.id.toLowerCase();
    const now = this.now();
    const since = Math.max(this.#lookedAt.get(key) ?? 0, Date.parse(String(policy.properties["lastModifiedTime"])));
    if (now.getTime() - since < betweenLooks) return;
    this.#lookedAt.set(key, now.getTime());
    for (const name of expired(policy.properties["policy"] as Policy, container.name, blobs.all(), now)) {
      blobs.delete(name);
    }
  }

  /** Keeps what is committed; blocks that wait are lost with a restart. */
  readonly kept: Kept = {
    name: "blobs",
    snapshot: () => new Map([...this.#blobs].map(([container, blobs]) => [container, blobs.all()])),
    restore: (kept) => {
      this.#blobs.clear();
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
        publicAccess: "None",
        leaseStatus: "Unlocked",
        leaseState: "Available",
        ...each(false, "deleted hasImmutabilityPolicy hasLegalHold denyEncryptionScopeOverride"),
        remainingRetentionDays: 0,
        defaultEncryptionScope: "$account-encryption-key",
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

/** An account has one policy, under one name. */
export function policyId(account: Pick<Resource, "id">): string {
  return `${account.id}/managementPolicies/default`;
}

export function containerId(account: Resource, name: string): string {
  return `${account.id}/blobServices/default/containers/${name}`;
}

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export const containerName = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$|^\$(root|web|logs)$/;
