import { type ReactNode, useEffect } from "react";
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useMatches, useNavigation } from "react-router";
import type { Route } from "./+types/root.ts";
import { api, attempt } from "./api.server.ts";
import stylesheet from "./app.css?url";
import { Failure } from "./shell/failure.tsx";
import { SiteHeader } from "./shell/site-header.tsx";
import { useTheme } from "./shell/theme-menu.tsx";
import { themeFromCookie } from "./theme.ts";
import { waits } from "./waiting.ts";

export const links: Route.LinksFunction = () => [
  { rel: "stylesheet", href: stylesheet },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

export const meta: Route.MetaFunction = () => [{ title: "Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const cookie = request.headers.get("Cookie");
  const theme = themeFromCookie(cookie);
  const { origin } = new URL(request.url);
  const nobody = { user: null, workspaces: [], workspaceId: null, theme, origin };
  if (!cookie) return nobody;
  const me = await attempt(api({ request, context }).api.v1.me.$get());
  if (!me.ok) return nobody;
  const { user, workspaces, workspace_id: workspaceId } = me.value;
  return { user, workspaces, workspaceId, theme, origin };
}

export function Layout({ children }: { children: ReactNode }) {
  const theme = useTheme();
  useReadyMark();
  return (
    <html
      lang="en"
      data-theme={theme === "system" ? undefined : theme}
      data-waits={useMatches().some(waits) || undefined}
      suppressHydrationWarning
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f5" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#131210" />
        <Meta />
        <Links nonce="" />
      </head>
      <body>
        <a
          href="#content"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent opacity-0 focus-visible:translate-y-0 focus-visible:opacity-100"
        >
          Skip to content
        </a>
        <NavigationBar />
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

/** A thin line while the next page is on its way. */
function NavigationBar() {
  const busy = useNavigation().state !== "idle";
  return (
    <div
      aria-hidden="true"
      className={`fixed inset-x-0 top-0 z-50 h-0.5 origin-left bg-accent transition-[opacity,transform] ${busy ? "scale-x-75 opacity-100 duration-[3s] ease-out" : "scale-x-100 opacity-0 duration-300"}`}
    />
  );
}

/** Tells tests and progressive scripts that what is done to the page now counts: see also `entry.client.tsx`. */
function useReadyMark() {
  useEffect(() => {
    document.documentElement.dataset.ready = "true";
  }, []);
}

export default function Root() {
  return <Outlet />;
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <SiteHeader />
      <Failure error={error} />
    </>
  );
}
