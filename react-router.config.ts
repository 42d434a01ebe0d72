import type { Config } from "@react-router/dev/config";

export default {
  appDirectory: "web",
  ssr: true,
  // A page brings along what it needs of the list of routes, and asks for what its links lead to: the whole list is of no use to most visitors.
  routeDiscovery: { mode: "lazy" },
} satisfies Config;
