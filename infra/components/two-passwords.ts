import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { passwordNames, type TwoOf } from "../deployment/rotation";

export interface TwoPasswordsArgs {
  /** `/applications/<object id>`. */
  readonly applicationId: pulumi.Input<string>;
  /** What the application's owner reads beside them. */
  readonly displayName: string;
  /** ISO dates: another one makes another password. */
  readonly ends: TwoOf<pulumi.Input<string>>;
}

/**
 * Gives an application two passwords, of which a rotation makes one anew while the other is in use. Both are there from the
 * beginning, so that a rotation changes how old they are and not how many.
 * @param opts of each of them
 * @returns their values, secret
 */
export function twoPasswords(
  name: string,
  { applicationId, displayName, ends }: TwoPasswordsArgs,
  opts: pulumi.CustomResourceOptions,
): TwoOf<pulumi.Output<string>> {
  const password = (tail: string, text: string, endDate: pulumi.Input<string>): pulumi.Output<string> => {
    const made = new azuread.ApplicationPassword(`${name}${tail}`, { applicationId, displayName: text, endDate }, opts);
    return pulumi.secret(made.value);
  };
  const [first, second] = passwordNames(displayName);
  return [password("", first, ends[0]), password("-2", second, ends[1])];
}
