import { ChevronDownIcon } from "@primer/octicons-react";
import { useRootData } from "../root-data.ts";
import { menuOf } from "../ui/menu.tsx";

const ItemsMenu = menuOf(async () => (await import("./header-items.tsx")).WorkspaceItems);

/** The workspace that is shown, or undefined for visitors. */
export function useWorkspace() {
  const root = useRootData();
  return root?.workspaces.find(({ id }) => id === root.workspaceId);
}

/** The workspace that is shown, in the header; phones have it in the account's menu. */
export function WorkspaceMenu() {
  const current = useWorkspace();
  if (!current) return null;
  return (
    <ItemsMenu
      items={{}}
      trigger={
        <button
          type="button"
          aria-label={`Workspace ${current.name}`}
          className="inline-flex h-8 min-w-0 max-w-52 items-center gap-1.5 rounded-lg px-2.5 text-ink-soft text-sm transition-colors hover:bg-hover hover:text-ink max-sm:hidden"
        >
          <span className="truncate">{current.name}</span>
          <ChevronDownIcon className="shrink-0" />
        </button>
      }
    />
  );
}
