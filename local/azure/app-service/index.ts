import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { deletedSites } from "./deleted-sites";
import { deploymentStatus } from "./deployment-status";
import { answerFor } from "./front-end";
import { answerScm, scmPaths } from "./kudu";
import { notFoundPage } from "./pages";
import { Platform, type AppServiceOptions } from "./platform";
import { publishingPolicies } from "./publishing-policies";
import { serverFarms } from "./server-farms";
import { siteAt, siteProperties } from "./site";
import { siteConfig } from "./site-config";
import { sites } from "./sites";

export type { AppServiceOptions } from "./platform";

/**
 * App Service: plans and sites at ARM, a front end for each site's host, Kudu at its SCM host, the managed-identity
 * endpoint, and every pushed app as a process of its own.
 */
export function createAppService(azure: Azure, options: AppServiceOptions): Service {
  const platform = new Platform(azure, options);
  return {
    name: "App Service",
    hosts: ["*.scm.azurewebsites.net", "*.azurewebsites.net"],
    paths: scmPaths,
    lacks: [
      "making and restoring backups (their list is empty)",
      "deployment slots (their list is empty)",
      "mounted storage (told to be off, and not to be turned on)",
      "the pages of App Service's own sign-in (it refuses who is not signed in, and signs nobody in)",
      "pushes of another type than zip, and from a packageUri",
      "lists of folders (`GET /api/vfs/.../`)",
    ],
    plainHttp: true,
    async handle(request) {
      const url = new URL(request.url);
      const found = siteAt(azure, url.hostname);
      if (!found) return notFoundPage();
      // https://learn.microsoft.com/azure/app-service/configure-ssl-bindings#enforce-https
      if (url.protocol === "http:" && (found.scm || siteProperties(found.site).httpsOnly)) {
        return new Response(null, { status: 301, headers: { location: url.href.replace(/^http:/, "https:") } });
      }
      const { app, log, deployments } = platform.of(found.site);
      return found.scm
        ? answerScm(azure, { site: found.site, content: app.content, log, deployments }, request)
        : answerFor(azure, app, found.site, request);
    },
    resourceTypes: [
      serverFarms(azure),
      sites(platform),
      siteConfig(platform),
      publishingPolicies,
      deploymentStatus,
      deletedSites(azure),
    ],
    clockMoved: () => platform.restartAll(),
    kept: [platform.kept],
    restored: () => platform.startAll(),
    close: () => platform.close(),
  };
}
