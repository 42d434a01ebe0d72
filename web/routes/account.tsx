import { NavLink, Outlet } from "react-router";
import { Page } from "../shell/page.tsx";
import { cx } from "../ui/class-names.ts";

const tabs = [
  { to: "/account", label: "Security" },
  { to: "/account/keys", label: "API keys" },
  { to: "/account/data", label: "Your data" },
];

/** The frame of the pages about a person's own account. */
export default function Account() {
  return (
    <Page width="narrow">
      <h1 className="display text-4xl">Your account</h1>
      <nav aria-label="Account" className="mt-5 mb-6 flex gap-5 border-line border-b">
        {tabs.map(({ to, label }) => (
          <NavLink
            key={to}
            to={to}
            end
            prefetch="intent"
            className={({ isActive }) =>
              cx(
                "-mb-px border-b-2 px-0.5 pb-2.5 font-medium text-[0.9375rem] transition-colors",
                isActive
                  ? "border-accent text-ink"
                  : "border-transparent text-ink-soft hover:border-line-strong hover:text-ink",
              )
            }
          >
            {label}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </Page>
  );
}
