import { createHmac } from "node:crypto";
import { each } from "../members";
import { noteSecret } from "../secrets";
import type { Azure, Resource } from "../service";
import { siteProperties } from "./site";

/** User name and password with which a site's SCM host takes a push, where basic authentication is on. */
export interface PublishingCredentials {
  readonly user: string;
  readonly password: string;
}

/** A site's publishing credentials. They follow from the site and the tenant, so that nothing has to keep them. */
function publishingCredentials({ tenant }: Azure, site: Resource): PublishingCredentials {
  const hash = createHmac("sha256", tenant.deployer.clientSecret).update(site.id.toLowerCase()).digest("base64url");
  return { user: `$${site.name}`, password: noteSecret(hash) };
}

const scmHost = (site: Resource): string =>
  siteProperties(site).hostNameSslStates.find(({ hostType }) => hostType === "Repository")!.name;

/** `POST config/publishingcredentials/list`. recorded: azure-cli test_deploy_zip */
export function shownCredentials(azure: Azure, site: Resource): Record<string, unknown> {
  const { user, password } = publishingCredentials(azure, site);
  return {
    id: `${site.id}/publishingcredentials/${user}`,
    name: site.name,
    type: "Microsoft.Web/sites/publishingcredentials",
    location: site.location,
    properties: {
      name: null,
      publishingUserName: user,
      publishingPassword: password,
      ...each(null, "publishingPasswordHash publishingPasswordHashSalt metadata"),
      deleted: false,
      scmUri: `https://${user}:${password}@${scmHost(site)}`,
    },
  };
}

/** `POST publishxml`: the profile that tools deploy with. https://learn.microsoft.com/rest/api/appservice/web-apps/list-publishing-profile-xml-with-secrets */
export function publishingProfile(azure: Azure, site: Resource): Response {
  const { user, password } = publishingCredentials(azure, site);
  const app = `https://${siteProperties(site).defaultHostName}`;
  const profile = {
    profileName: `${site.name} - Zip Deploy`,
    publishMethod: "ZipDeploy",
    publishUrl: `${scmHost(site)}:443`,
    userName: user,
    userPWD: password,
    destinationAppUrl: app,
    ...each("", "SQLServerDBConnectionString mySQLDBConnectionString hostingProviderForumLink"),
    controlPanelLink: "https://portal.azure.com",
    webSystem: "WebSites",
  };
  const attributes = Object.entries(profile).map(([name, value]) => `${name}="${value}"`);
  return new Response(
    `<publishData><publishProfile ${attributes.join(" ")}><databases /></publishProfile></publishData>`,
    {
      headers: { "content-type": "application/xml" },
    },
  );
}

/** True where a request shows a site's user name and password and the site takes them. */
export function takesBasic(azure: Azure, site: Resource, request: Request): boolean {
  const policy = azure.resources.get(`${site.id}/basicPublishingCredentialsPolicies/scm`);
  if (policy?.properties["allow"] !== true) return false;
  const shown = /^Basic +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const { user, password } = publishingCredentials(azure, site);
  // Tools send the name with the site's before it, too: site\$site.
  const [name = "", ...rest] = Buffer.from(shown ?? "", "base64")
    .toString("utf8")
    .split(":");
  return name.split("\\").at(-1)?.toLowerCase() === user.toLowerCase() && rest.join(":") === password;
}
