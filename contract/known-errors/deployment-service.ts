import type { KnownError } from "./known-error";

const kudu = "https://learn.microsoft.com/azure/app-service/resources-kudu";
const access = "https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions";

/** What an app's deployment service (Kudu) refuses. It has no codes: these are ours, of what was asked of it. */
export const deploymentServiceErrors: readonly KnownError[] = [
  {
    id: "scm-network",
    codes: ["scm-refused"],
    says: /Ip Forbidden|has blocked your access|x-ms-forbidden-ip/i,
    cause: "The app's access restrictions keep this machine from its deployment service",
    fix: "Let it in (az webapp config access-restriction add --scm-site true --name <app> --resource-group <group> --ip-address <address> --priority 100), or deploy from a network that may.",
    source: access,
  },
  {
    id: "scm-role",
    codes: ["scm-refused"],
    cause: "The deploying identity may write the web app and not publish to it",
    fix: "Give it the right Microsoft.Web/sites/publish/Action on the web app (the role Website Contributor has it).",
    mistake: 42,
    source: "https://learn.microsoft.com/azure/app-service/deploy-authentication-types",
  },
  {
    id: "scm-busy",
    codes: ["scm-busy"],
    cause: "Another deployment is under way, or one left its lock behind",
    fix: "Wait for it, or restart the app in the portal; then deploy again.",
    source: "https://github.com/projectkudu/kudu/wiki/REST-API",
  },
  {
    id: "scm-throttled",
    codes: ["scm-throttled", "scm-away"],
    cause: "The deployment service limits the rate of calls, or is away for a moment",
    fix: "Run it again in some minutes.",
    source: kudu,
  },
  {
    id: "scm-unreachable",
    codes: ["scm-unreachable"],
    cause: "The deployment service does not get ready",
    fix: "Check that the app runs and that its access restrictions let this machine reach the SCM site.",
    source: access,
  },
  {
    id: "log-stream-refused",
    codes: ["log-stream-refused"],
    cause: "The deployment service gives no log stream",
    fix: "Check that the app runs; az webapp log download has what it wrote before.",
    source: "https://learn.microsoft.com/azure/app-service/troubleshoot-diagnostic-logs",
  },
  {
    id: "package-refused",
    codes: ["package-refused"],
    cause: "The deployment service does not take the package",
    fix: "See the app's deployment logs (Deployment Center, Logs).",
    source: "https://learn.microsoft.com/azure/app-service/deploy-zip",
  },
];
