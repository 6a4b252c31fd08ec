import * as pulumi from "@pulumi/pulumi";

/**
 * A value inside one of a resource's outputs. In the preview of a new resource Pulumi knows that a whole output is not
 * known yet, but may hand over an object that merely lacks what the service computes; its id is then unknown for certain.
 */
export function onceMade<T>(resource: pulumi.CustomResource, inner: pulumi.Output<T>): pulumi.Output<T> {
  return pulumi.all([resource.id, inner]).apply(([, value]) => value as T) as pulumi.Output<T>;
}
