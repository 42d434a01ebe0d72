import type { Config } from "@react-router/dev/config";

export default {
  appDirectory: "web",
  ssr: true,
  // All routes fit into one small manifest: asking for it piece by piece would only cost requests.
  routeDiscovery: { mode: "initial" },
} satisfies Config;
