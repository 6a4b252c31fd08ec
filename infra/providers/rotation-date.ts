import * as pulumi from "@pulumi/pulumi";

interface Inputs {
  readonly renewed: string;
}

/** Runs inside Pulumi's own provider process; captures nothing, because what it captures would stand in the state. */
const provider: pulumi.dynamic.ResourceProvider = {
  create(inputs: Inputs) {
    const startedAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    return Promise.resolve({ id: startedAt, outs: { renewed: inputs.renewed, startedAt } });
  },
  diff(_id: string, olds: Inputs, news: Inputs) {
    const changes = olds.renewed !== news.renewed;
    return Promise.resolve({ changes, replaces: changes ? ["renewed"] : [] });
  },
};

/**
 * The moment from which the secrets' life counts. It is taken once and then kept in the stack's state, so that end dates
 * stand still; another value of `renewed` takes it anew, and with it every secret that hangs on it.
 */
export class RotationDate extends pulumi.dynamic.Resource {
  /** ISO date and time in UTC, whole seconds. */
  declare readonly startedAt: pulumi.Output<string>;

  constructor(name: string, args: { renewed: pulumi.Input<string> }, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { renewed: args.renewed, startedAt: undefined }, opts);
  }
}
