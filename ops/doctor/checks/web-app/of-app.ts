import type { SetUp } from "../../set-up";
import { valueOf } from "../../set-up/read-value";
import type { WebApp } from "../../set-up/web-app";
import type { Seen } from "../check";

type Look = (app: WebApp, setUp: SetUp) => Iterable<Seen>;

/** Looks at the web app, where there is one. */
export const ofApp = (look: Look) =>
  function* (setUp: SetUp): Iterable<Seen> {
    const app = valueOf(setUp.webApp);
    if (app) yield* look(app, setUp);
  };
