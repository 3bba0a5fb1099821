import config from "./playwright.config.ts";

export default { ...config, testMatch: "*.bench.ts", retries: 0, timeout: 600_000 };
