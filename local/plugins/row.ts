import type { Properties } from "../../infra/provider/envelope";
import type { Session } from "./session";

/** What the state keeps of a resource: the inputs it was last written with, and the outputs it had then. */
export interface State {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A resource as it is live. */
export interface Live {
  readonly id: string;
  readonly outputs: Properties;
  /** Inputs that would make it; only where they can be told from the live resource. */
  readonly inputs?: Properties;
}

/**
 * One row of the plugins' table: all that a plugin knows of a resource type. Inputs and outputs are plain here, without
 * Pulumi's envelopes.
 */
export interface Row {
  /** `azure-native:web:WebApp` */
  readonly token: string;
  /** Inputs that get a name, a default or a refusal before anything is created. Gives what is to be added. */
  check?(name: string, inputs: Properties, before: Properties): Properties;
  /** Input paths whose change replaces the resource. Where a row has no `update`, every input does. */
  readonly replaceOn?: readonly string[];
  /** Whether the old one has to go before its replacement comes, because both would bear one name. */
  deleteBeforeReplace?(inputs: Properties): boolean;
  /** Outputs that are secret even where no input is. */
  readonly secretOutputs?: readonly string[];
  create(session: Session, inputs: Properties): Promise<Live>;
  /** Gives undefined where the resource is gone. `state` is empty on an import. */
  read(session: Session, id: string, state: State): Promise<Live | undefined>;
  /** Gives the new outputs. */
  update?(session: Session, id: string, inputs: Properties, state: State): Promise<Properties>;
  /** A resource that is gone already counts as deleted. */
  delete(session: Session, id: string, state: State): Promise<void>;
}

/** A function that programs call (`azure-native:authorization:getClientConfig`). */
export interface PluginFunction {
  readonly token: string;
  /** Outputs that are secret. */
  readonly secretOutputs?: readonly string[];
  invoke(session: Session, inputs: Properties): Promise<Properties>;
}
