import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/**", "bench/node_modules/**"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": ["error", { allowArgumentsExplicitlyTypedAsAny: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // CommonJS packages without a default export, and the version in a package's own package.json.
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true, allow: ["/package\\.json$"] }],
      // What is written in a spread stands there as well without it; in a spread it only keeps its line.
      "no-restricted-syntax": [
        "error",
        { selector: "ObjectExpression > SpreadElement > ObjectExpression", message: "Write the members themselves." },
        {
          selector: ":matches(ArrayExpression, CallExpression) > SpreadElement > ArrayExpression",
          message: "Write the elements themselves.",
        },
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "@pulumi/azure-native",
              message: "Import the module you need (@pulumi/azure-native/botservice): the root loads 1,259 files.",
            },
          ],
        },
      ],
    },
  },
  // What Node loads as it is, as CommonJS.
  { files: ["**/*.js", "**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  // Plain JavaScript has no types to declare.
  { files: ["bench/turns/*.mjs"], rules: { "@typescript-eslint/explicit-module-boundary-types": "off" } },
);
