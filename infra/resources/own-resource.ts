import * as pulumi from "@pulumi/pulumi";
import { name as packageName, version } from "../provider/own-package";

/** A resource of the provider that lies in this checkout. */
export abstract class OwnResource extends pulumi.CustomResource {
  /**
   * @param type of the resource: `BotHealth`
   * @param props inputs, and the outputs besides them as undefined
   */
  protected constructor(type: string, name: string, props: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    // Inside a component that another program constructs, Pulumi would look for a second provider without the version.
    super(`${packageName}:index:${type}`, name, props, pulumi.mergeOptions({ version }, opts));
  }
}

/** Whether a resource is of one of these classes, whichever copy of the package made it: policies ask so. */
export function isOwn(resource: unknown, type: string): boolean {
  return (resource as { __pulumiType?: unknown } | undefined)?.__pulumiType === `${packageName}:index:${type}`;
}
