import type { Clock } from "../clock";
import { noteFields } from "../secrets";
import type { Resource, Resources } from "../service";

/** All of ARM's resources, resource groups included, by id without case. */
export class Store implements Resources {
  readonly #byId = new Map<string, Resource>();

  constructor(private readonly clock: () => Clock) {}

  get(id: string): Resource | undefined {
    return this.#byId.get(key(id));
  }

  list(type: string, parentId?: string): Resource[] {
    const wanted = type.toLowerCase();
    return this.all(parentId).filter((resource) => resource.type.toLowerCase() === wanted);
  }

  /** Everything strictly below a parent, or everything there is, oldest first. */
  all(parentId?: string): Resource[] {
    const below = parentId === undefined ? undefined : `${key(parentId)}/`;
    return [...this.#byId]
      .filter(([id]) => below === undefined || id.startsWith(below))
      .map(([, resource]) => resource);
  }

  set(resource: Omit<Resource, "createdAt" | "changedAt">): Resource {
    const now = this.clock().now();
    const before = this.get(resource.id);
    const stored: Resource = { ...resource, createdAt: before?.createdAt ?? now, changedAt: now };
    this.#byId.set(key(resource.id), stored);
    noteFields(stored.properties);
    return stored;
  }

  /** Puts back what was kept: nothing else is there afterwards. */
  restore(resources: readonly Resource[]): void {
    this.#byId.clear();
    for (const resource of resources) this.#byId.set(key(resource.id), resource);
  }

  remove(id: string): void {
    for (const resource of this.all(id)) this.#byId.delete(key(resource.id));
    this.#byId.delete(key(id));
  }
}

const key = (id: string): string => id.toLowerCase().replace(/\/+$/, "");
