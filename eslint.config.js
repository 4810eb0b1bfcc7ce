import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/vendor/**"] },
  js.configs.recommended,
  {
    files: ["src/parcook/dashboard/static/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    rules: {
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Stored text is put in as text, never as markup." },
        { property: "outerHTML", message: "Stored text is put in as text, never as markup." },
        { property: "insertAdjacentHTML", message: "Stored text is put in as text, never as markup." },
      ],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 16],
    },
  },
  // Whoever translates the page finds every word in one file.
  { files: ["src/parcook/dashboard/static/strings.js"], rules: { "max-lines": "off" } },
];
