import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Tests that need Python and a browser; `npm run test:interactive` checks that both are there. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/interactive/**/*.spec.ts"],
    testTimeout: 420_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});

export default config;
