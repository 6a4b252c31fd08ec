/** The package's root loads the limiters of a dozen databases: this one file of it is a seventh of that in the bundle. */
declare module "rate-limiter-flexible/lib/RateLimiterMemory" {
  import { RateLimiterMemory } from "rate-limiter-flexible";
  export default RateLimiterMemory;
}
