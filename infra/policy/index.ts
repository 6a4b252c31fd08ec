import { PolicyPack } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import type { BroughtCode } from "../deployment/code";
import type { ExistingSettings } from "../settings/existing";
import type { NamedConnection } from "../facts/sdks";
import { policies } from "./policies";

// The only module here with a side effect: the constructor starts the server that Pulumi's engine asks.
new PolicyPack("bot-sign-in", {
  enforcementLevel: "mandatory",
  policies: policies(
    () => new Date(),
    (project) => {
      const config = new Config(project);
      return {
        environment: config.get("environment"),
        existing: config.getObject<ExistingSettings>("existing"),
        adopted: config.getObject<object>("adopted"),
        appSettings: Object.keys(config.getObject<object>("appSettings") ?? {}),
        code: config.getObject<BroughtCode>("code"),
        connections: config.getObject<NamedConnection[]>("connections"),
      };
    },
  ),
});
