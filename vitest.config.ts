import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["lib/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["test/properties.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});

export default config;
