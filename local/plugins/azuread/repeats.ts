/** Whether the provider repeats a call that Graph refused with a status and a sentence. */
export type Repeats = (status: number, message: string) => boolean;

/**
 * What azuread repeats because Entra is eventually consistent, call by call; whatever is not here stands at once, also a
 * 404 on an object that was made a moment ago.
 * https://github.com/hashicorp/terraform-provider-azuread/tree/v3.9.0/internal/services
 */
export const repeats = {
  /** The two PATCHes with which a new application proves that it has spread (applications.go, applicationUpdateRetryFunc). */
  newApplication: (status, message) =>
    status === 404 ||
    status === 409 ||
    (status === 400 &&
      message.includes("Permission (scope or role) cannot be deleted or updated unless disabled first")),

  /** POST of a service principal, whose application may not have spread (service_principal_resource.go). */
  newServicePrincipal: (status, message) =>
    (status === 400 &&
      /The appId '.+' of the service principal does not reference a valid application object/.test(message)) ||
    (status === 403 &&
      message.includes("the backing application of the service principal being created must in the local tenant")),

  /** POST of a consent (service_principal_delegated_permission_grant_resource.go). */
  newGrant: (status, message) =>
    status === 404 ||
    (status === 400 &&
      message.includes("does not exist or one of its queried reference-property objects are not present")),
} as const satisfies Record<string, Repeats>;
