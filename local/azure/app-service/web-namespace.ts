/** The api-versions of Microsoft.Web that are served, newest last. azure-native 3.28 asks for 2025-05-01. */
export const apiVersions = [
  "2021-02-01",
  "2021-03-01",
  "2022-03-01",
  "2022-09-01",
  "2023-01-01",
  "2023-12-01",
  "2024-04-01",
  "2024-11-01",
  "2025-03-01",
  "2025-05-01",
] as const;
