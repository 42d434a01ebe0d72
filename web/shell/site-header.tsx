import { NavLink } from "react-router";
import { useRootData } from "../root-data.ts";
import { BrandLink } from "../ui/brand.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { ThemeMenu } from "./theme-menu.tsx";
import { UserMenu } from "./user-menu.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

function NavItem({ to, children }: { to: string; children: string }) {
  return (
    <NavLink
      to={to}
      prefetch="intent"
      className={({ isActive }) =>
        cx(
          "rounded-lg px-2.5 py-1.5 font-medium text-sm max-sm:px-1.5 transition-colors hover:bg-hover hover:text-ink sm:px-3",
          isActive ? "bg-hover text-ink" : "text-ink-soft",
        )
      }
    >
      {children}
    </NavLink>
  );
}

/** The bar above every page. */
export function SiteHeader() {
  const user = useRootData()?.user ?? null;
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-canvas/85 backdrop-blur-md">
      <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4 sm:px-6">
        <BrandLink />
        {user ? (
          <>
            <nav aria-label="Main" className="flex gap-0.5 sm:ms-6">
              <NavItem to="/clones">Clones</NavItem>
              <NavItem to="/chat">Chats</NavItem>
            </nav>
            <div className="ms-auto flex min-w-0 items-center gap-1">
              <WorkspaceMenu />
              <ThemeMenu />
              <UserMenu user={user} />
            </div>
          </>
        ) : (
          <div className="ms-auto flex items-center gap-1 sm:gap-2">
            <ThemeMenu />
            <ButtonLink to="/sign-in" look="quiet" size="small" className="max-sm:hidden">
              Sign in
            </ButtonLink>
            <ButtonLink to="/sign-up" look="primary" size="small">
              Sign up
            </ButtonLink>
          </div>
        )}
      </div>
    </header>
  );
}
