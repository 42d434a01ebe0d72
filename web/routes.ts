import { index, layout, type RouteConfig, route } from "@react-router/dev/routes";

export default [
  index("routes/landing.tsx"),
  route("sign-in", "routes/sign-in.tsx"),
  route("sign-up", "routes/sign-up.tsx"),
  route("forgot-password", "routes/forgot-password.tsx"),
  route("reset-password", "routes/reset-password.tsx"),
  route("verify-email", "routes/verify-email.tsx"),
  route("sign-out", "routes/sign-out.ts"),
  route("outbox", "routes/outbox.tsx"),
  route("theme", "routes/theme.ts"),
  route("c/:slug", "routes/public-clone.tsx"),
  route("documents/:documentId", "routes/document.tsx"),
  route("join/:token", "routes/join.tsx"),
  route("s/:token", "routes/public-share.tsx"),
  route("switch-workspace", "routes/switch-workspace.ts"),
  layout("routes/signed-in.tsx", [
    route("shared", "routes/shared.tsx"),
    route("shared/:shareId", "routes/shared-conversation.tsx"),
    route("workspaces/new", "routes/workspace-new.tsx"),
    route("workspaces/:workspaceId", "routes/workspace.tsx"),
    route("clones", "routes/clones.tsx"),
    route("clones/new", "routes/clone-new.tsx"),
    route("clones/:cloneId", "routes/clone.tsx", [
      index("routes/clone-chat.tsx"),
      route("knowledge", "routes/clone-knowledge.tsx"),
      route("test", "routes/clone-test.tsx"),
      route("settings", "routes/clone-settings.tsx"),
    ]),
    route("activity", "routes/activity.tsx"),
    route("account", "routes/account.tsx", [
      index("routes/account-security.tsx"),
      route("keys", "routes/account-keys.tsx"),
    ]),
    route("chat", "routes/conversations.tsx", [route(":conversationId?", "routes/conversation.tsx")]),
  ]),
  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
