import { randomUUID } from "node:crypto";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Empty as EmptyMessage } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { isObject, redacted, secret, type Properties } from "../../infra/provider/envelope";
import type { Plugin } from "../plugins/plugin";
import { ProgramError } from "./error";
import type { ProgramEvent } from "./message";
import type { CreatingProvider } from "./own-providers";

type Callback<T> = (error: Error | null, response?: T) => void;

/** gRPC's code for a server that has gone: on it Pulumi's SDK stops quietly instead of rejecting every output. */
const unavailable = 14;

const features = proto.ResourceMonitorFeature;

/** What a running program gives and is given. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly plugins: Readonly<Record<string, Plugin>>;
  /** The project's own providers. */
  readonly own: Readonly<Record<string, CreatingProvider>>;
  onEvent(event: ProgramEvent): void;
}

/**
 * The resource monitor of a program that only ever creates. It is not Pulumi's engine: it has no state, so it cannot
 * preview, update, replace, refresh or destroy, and it takes no notice of the options that speak of those (protect,
 * ignoreChanges, retainOnDelete, aliases, ...). Order, parallelism and secrets come out as with the real engine,
 * because Pulumi's SDK itself holds a resource back until its inputs are known.
 *
 * Implements the methods of the service `pulumirpc.ResourceMonitor` that the SDK calls.
 */
export class CreatingMonitor {
  /** Custom resources made so far. */
  resources = 0;
  /** The stack's outputs, secrets as `[secret]`. */
  outputs: Record<string, unknown> = {};
  /** Settles when the first resource fails; never otherwise. */
  readonly failed: Promise<ProgramError>;

  readonly #urns = new Set<string>();
  /** Plugins of the packages that the program registered, by name. */
  readonly #packages = new Map<string, Plugin>();
  readonly #running = new Set<Promise<unknown>>();
  #stackUrn = "";
  #failure: ProgramError | undefined;
  #fail!: (error: ProgramError) => void;

  constructor(private readonly options: MonitorOptions) {
    this.failed = new Promise((resolve) => (this.#fail = resolve));
  }

  /** Resolves when no creation is under way any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  getDeploymentInfo(_request: Empty, callback: Callback<proto.DeploymentInfo>): void {
    const info = new proto.DeploymentInfo();
    info.setSupportedfeaturesList([
      features.RESOURCE_MONITOR_FEATURE_SECRETS,
      features.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
      features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
      features.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
      features.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
      features.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    ]);
    callback(null, info);
  }

  /** Takes a hook and never calls it: a resource that fails ends the run. */
  registerErrorHook(_request: proto.RegisterErrorHookRequest, callback: Callback<Empty>): void {
    callback(null, new EmptyMessage());
  }

  /** Makes the plugin of a package that a parameter makes of another, as the engine does in a process of its own. */
  registerPackage(request: proto.RegisterPackageRequest, callback: Callback<proto.RegisterPackageResponse>): void {
    const parameter = request.getParameterization();
    this.#run(callback, "package", parameter?.getName() ?? request.getName(), () => {
      if (parameter) {
        const plugin = this.#plugin(request.getName()).parameterized(parameter.getValue_asU8());
        this.#packages.set(plugin.name, plugin);
      }
      const response = new proto.RegisterPackageResponse();
      response.setRef(parameter?.getName() ?? request.getName());
      return Promise.resolve(response);
    });
  }

  registerResource(request: proto.RegisterResourceRequest, callback: Callback<proto.RegisterResourceResponse>): void {
    const type = request.getType();
    const name = request.getName();
    const urn = this.#urn(request.getParent(), type, name);
    if (type === "pulumi:pulumi:Stack") this.#stackUrn = urn;
    this.#run(callback, type, name, async () => {
      if (this.#urns.has(urn)) throw new Error("the program makes another resource of this type, name and parent");
      this.#urns.add(urn);
      const inputs = propertiesOf(request.getObject());
      const response = new proto.RegisterResourceResponse();
      response.setUrn(urn);
      if (!request.getCustom()) return response;
      // A provider with settings of its own: here all of them go by the environment.
      if (type.startsWith("pulumi:providers:")) {
        response.setId(randomUUID());
        response.setObject(structOf(inputs));
        return response;
      }
      const { id, outs } = await this.#timed(type, name, () => this.#create(urn, type, inputs));
      for (const key of request.getAdditionalsecretoutputsList()) if (key in outs) outs[key] = secret(outs[key]);
      response.setId(id);
      response.setObject(structOf(outs));
      return response;
    });
  }

  readResource(request: proto.ReadResourceRequest, callback: Callback<proto.ReadResourceResponse>): void {
    const type = request.getType();
    const name = request.getName();
    const urn = this.#urn(request.getParent(), type, name);
    this.#run(callback, type, name, async () => {
      const inputs = propertiesOf(request.getProperties());
      const found = await this.#plugin(type).read(request.getId(), urn, inputs);
      if (!found.id) throw new Error(`there is no resource with id ${request.getId()}`);
      const response = new proto.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(structOf(visible(found.props as Properties)));
      return response;
    });
  }

  registerResourceOutputs(request: proto.RegisterResourceOutputsRequest, callback: Callback<Empty>): void {
    if (request.getUrn() === this.#stackUrn) {
      this.outputs = redacted(propertiesOf(request.getOutputs())) as Record<string, unknown>;
    }
    callback(null, new EmptyMessage());
  }

  invoke(request: proto.ResourceInvokeRequest, callback: Callback<proto.ResourceInvokeResponse>): void {
    const token = request.getTok();
    this.#run(callback, "function", token, async () => {
      const { outputs } = await this.#plugin(token).invoke(token, propertiesOf(request.getArgs()));
      const response = new proto.ResourceInvokeResponse();
      response.setReturn(structOf(outputs as Properties));
      return response;
    });
  }

  /** Answers with what `work` gives; its failure ends the run, and nothing new is begun after one. */
  #run<T>(callback: Callback<T>, type: string, name: string, work: () => Promise<T>): void {
    const stopped = (): void => callback(Object.assign(new Error("the run has failed"), { code: unavailable }));
    if (this.#failure) return stopped();
    const running = work().then(
      (response) => callback(null, response),
      (cause: unknown) => {
        const message = cause instanceof Error ? cause.message : String(cause);
        this.options.onEvent({ kind: "failed", type, name, message });
        this.#failure ??= new ProgramError("resource-failed", `${name} (${type}): ${message}`, { type, name });
        this.#fail(this.#failure);
        stopped();
      },
    );
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #create(urn: string, type: string, inputs: Properties): Promise<{ id: string; outs: Properties }> {
    const plugin = this.options.own[type.split(":")[0] ?? ""] ?? this.#plugin(type);
    const checked = await plugin.check(urn, {}, inputs);
    const failures = checked.failures ?? [];
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { id, outs } = await plugin.create(urn, checked.inputs as Properties);
    return { id, outs: visible(outs as Properties) };
  }

  async #timed<T>(type: string, name: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    this.options.onEvent({ kind: "creating", type, name });
    const made = await work();
    this.resources++;
    this.options.onEvent({ kind: "created", type, name, milliseconds: Math.round(performance.now() - begun) });
    return made;
  }

  #plugin(token: string): Plugin {
    const name = token.split(":")[0] ?? "";
    const plugin = this.#packages.get(name) ?? this.options.plugins[name];
    if (plugin) return plugin;
    const known = Object.keys(this.options.plugins).join(", ");
    throw new Error(`no stand-in for the plugin of ${token} (there are: ${known}): add one to local/plugins/index.ts`);
  }

  #urn(parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2];
    const qualified = parentType && parentType !== "pulumi:pulumi:Stack" ? `${parentType}$${type}` : type;
    return `urn:pulumi:${this.options.stack}::${this.options.project}::${qualified}::${name}`;
  }
}

function propertiesOf(struct: Struct | undefined): Properties {
  const value: unknown = struct?.toJavaScript();
  return isObject(value) ? value : {};
}

function structOf(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

/** The outputs that are the program's; what a plugin keeps for itself (`__inputs`) is not. */
function visible(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !key.startsWith("__")));
}
