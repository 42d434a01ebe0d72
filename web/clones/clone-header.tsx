import { ArrowUpRightIcon } from "@primer/octicons-react";
import { NavLink } from "react-router";
import type { Clone } from "../../workers/clones/contract.ts";
import { Avatar } from "../ui/avatar.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { useMay } from "../workspaces/use-may.ts";
import { VisibilityBadge } from "./visibility.tsx";

const tabs = [
  { to: "", label: "Chat" },
  { to: "knowledge", label: "Knowledge" },
  { to: "test", label: "Test" },
  { to: "settings", label: "Settings" },
];

/** A clone's name and the places where it is made. */
export function CloneHeader({ clone }: { clone: Clone }) {
  const maySet = useMay("clone.write");
  return (
    <div className="border-line border-b">
      <div className="mx-auto max-w-6xl px-4 pt-5 sm:px-6">
        <div className="flex items-center gap-3">
          <Avatar name={clone.name} seed={clone.id} />
          <div className="min-w-0 flex-1">
            <h1 className="truncate font-semibold text-xl" title={clone.name}>
              {clone.name}
            </h1>
            <p className="truncate text-ink-soft text-sm">{clone.description || "No description yet."}</p>
          </div>
          <div className="flex items-center gap-2 max-sm:hidden">
            <VisibilityBadge visibility={clone.visibility} />
            {clone.visibility !== "private" && (
              <ButtonLink to={`/c/${clone.slug}`} size="small">
                Public page <ArrowUpRightIcon />
              </ButtonLink>
            )}
          </div>
        </div>
        <nav aria-label="Clone" className="-mb-px mt-4 flex gap-5">
          {tabs
            .filter(({ to }) => maySet || to !== "settings")
            .map(({ to, label }) => (
              <NavLink
                key={label}
                to={to}
                end
                prefetch="intent"
                className={({ isActive }) =>
                  cx(
                    "border-b-2 px-0.5 pb-2.5 font-medium text-[0.9375rem] transition-colors",
                    isActive
                      ? "border-accent text-ink"
                      : "border-transparent text-ink-soft hover:border-line-strong hover:text-ink",
                  )
                }
              >
                {label}
                {label === "Knowledge" && clone.document_count > 0 && (
                  <span className="ms-1.5 rounded-full bg-sunken px-1.5 py-0.5 text-ink-soft text-xs tabular-nums">
                    {clone.document_count}
                  </span>
                )}
              </NavLink>
            ))}
        </nav>
      </div>
    </div>
  );
}
