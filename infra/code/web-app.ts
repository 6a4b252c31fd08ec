/** API version of App Service in azure-native 3.28. */
export const webVersion = "2025-05-01";

/** Which web app is meant. */
export interface WebAppAddress {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly webAppName: string;
}

/** ARM id of a web app. */
export function webAppId({ subscriptionId, resourceGroupName, webAppName }: WebAppAddress): string {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
  return `${group}/providers/Microsoft.Web/sites/${webAppName}`;
}

/** A web app as ARM's GET shows it, as far as a push needs it. */
export interface WebApp {
  readonly properties?: {
    /** `Stopped` where somebody has stopped it. */
    readonly state?: string;
    readonly hostNameSslStates?: readonly { readonly name?: string; readonly hostType?: string }[] | null;
  };
}

/**
 * Host of the deployment service. Never built from the app's name: with a unique default host name it is
 * `<name>-<hash>.scm.<region>-01.azurewebsites.net`.
 */
export function scmHost(app: WebApp): string | undefined {
  return app.properties?.hostNameSslStates?.find((state) => state.hostType === "Repository")?.name;
}
