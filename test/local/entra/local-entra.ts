import { createEntra } from "../../../local/azure/entra";
import type { Application } from "../../../local/azure/entra/application";
import { newApplication } from "../../../local/azure/entra/application";
import { newServicePrincipal } from "../../../local/azure/entra/service-principal";
import { Clock } from "../../../local/azure/clock";
import type { Azure, Directory } from "../../../local/azure/service";
import type { Service } from "../../../local/azure/hosted-service";
import type { DirectoryStore } from "../../../local/azure/entra/directory-store";
import { newTenant } from "../../../local/azure/tenant";
import { Trace } from "../../../local/azure/trace";

/** Entra alone, without the door and the other services. */
export interface LocalEntra {
  readonly azure: Azure;
  readonly service: Service;
  readonly directory: Directory & DirectoryStore;
  /** The authority of the tenant: `https://login.microsoftonline.com/<tenant id>`. */
  readonly authority: string;
  readonly tokenAddress: string;
  handle(request: Request): Promise<Response>;
}

export function localEntra(): LocalEntra {
  const tenant = newTenant();
  const azure = { clock: new Clock(), trace: new Trace(), tenant, log: () => undefined } as unknown as Azure;
  const { service, directory } = createEntra(azure, () => "http://localhost:5100");
  const authority = `https://login.microsoftonline.com/${tenant.tenantId}`;
  return {
    azure,
    service,
    directory,
    authority,
    tokenAddress: `${authority}/oauth2/v2.0/token`,
    handle: async (request) => service.handle(request),
  };
}

/** Posts a form, as every OAuth client does. */
export async function post(
  entra: LocalEntra,
  address: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await entra.handle(
    new Request(address, { method: "POST", body: new URLSearchParams(fields), headers }),
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** An application of the tenant with a secret and, unless told otherwise, a service principal. */
export function registerApp(
  { directory, azure }: LocalEntra,
  displayName: string,
  given: Partial<Application> = {},
  { principal = true } = {},
): { application: Application; secret: string } {
  const application: Application = {
    ...newApplication({
      id: crypto.randomUUID(),
      appId: crypto.randomUUID(),
      displayName,
      createdDateTime: azure.clock.now().toISOString(),
      publisherDomain: azure.tenant.domain,
    }),
    signInAudience: "AzureADMyOrg",
    ...given,
  };
  directory.applications.set(application.id, application);
  const { secretText } = directory.addPassword(application, {});
  if (principal) {
    const id = crypto.randomUUID();
    directory.servicePrincipals.set(
      id,
      newServicePrincipal({
        id,
        appId: application.appId,
        displayName,
        createdDateTime: application.createdDateTime,
        appOwnerOrganizationId: azure.tenant.tenantId,
      }),
    );
  }
  return { application, secret: secretText };
}
