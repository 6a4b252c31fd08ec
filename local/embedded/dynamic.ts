import { createRequire } from "node:module";
import { join } from "node:path";
import type { CheckFailure } from "@pulumi/pulumi/dynamic";
import { keepSecret, plainProperties, present, type Properties } from "../plugins/envelope";

/** The methods of a dynamic provider that a creation uses. */
interface DynamicProvider {
  configure?(request: { config: unknown }): Promise<void>;
  check?(olds: Properties, news: Properties): Promise<{ inputs?: Properties; failures?: CheckFailure[] }>;
  create(inputs: Properties): Promise<{ id: string; outs?: Properties }>;
}

/**
 * Runs dynamic resources as Pulumi's own host of dynamic providers does: the provider arrives as JavaScript text among
 * the inputs, is loaded once, and gets inputs without Pulumi's envelopes.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/cmd/dynamic-provider/index.ts
 */
export class DynamicProviders {
  readonly #loaded = new Map<string, Promise<DynamicProvider>>();

  /** @param config what a provider's `configure` gets to see */
  constructor(
    private readonly root: string,
    private readonly config: unknown,
  ) {}

  /** True for a type that a dynamic provider of the program makes. */
  static makes(type: string): boolean {
    return /^pulumi-nodejs:dynamic[/:]/.test(type);
  }

  /**
   * Creates one resource. Outputs are secret where the input of the same name is.
   * @throws Error naming each input that the provider's own check refuses, or whatever the provider throws
   */
  async create(rawInputs: Properties): Promise<{ id: string; outs: Properties }> {
    const { __provider: text, ...inputs } = plainProperties(rawInputs);
    const provider = await this.#load(String(text));
    const checked = await provider.check?.({}, { ...inputs, __provider: text });
    const failures = checked?.failures ?? [];
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    const { id, outs } = await provider.create({ ...(checked?.inputs ?? inputs), __provider: text });
    return { id, outs: keepSecret(present(outs ?? {}), rawInputs) as Properties };
  }

  #load(text: string): Promise<DynamicProvider> {
    const loaded = this.#loaded.get(text) ?? this.#evaluate(text);
    this.#loaded.set(text, loaded);
    return loaded;
  }

  async #evaluate(text: string): Promise<DynamicProvider> {
    const holder = { exports: {} as { handler?: () => DynamicProvider } };
    // Packages that the provider needs are the project's.
    const load = createRequire(join(this.root, "dynamic-provider.js"));
    new Function("module", "exports", "require", text)(holder, holder.exports, load);
    const provider = holder.exports.handler?.();
    if (!provider) throw new Error("the text of a dynamic provider exports no handler");
    await provider.configure?.({ config: this.config });
    return provider;
  }
}
