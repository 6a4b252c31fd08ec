import { PolicyPack } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import { policies } from "./policies";

// The only module here with a side effect: the constructor starts the server that Pulumi's engine asks.
new PolicyPack("bot-sign-in", {
  enforcementLevel: "mandatory",
  policies: policies(
    () => new Date(),
    (project) => new Config(project).get("environment"),
  ),
});
