import { ChevronDownIcon, PeopleIcon, PlusIcon } from "@primer/octicons-react";
import { Link, useSubmit } from "react-router";
import { useRootData } from "../root-data.ts";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";

/** The workspace that is shown, or undefined for visitors. */
function useWorkspace() {
  const root = useRootData();
  return root?.workspaces.find(({ id }) => id === root.workspaceId);
}

/** The person's workspaces to choose from, and what can be done about them. */
export function WorkspaceItems() {
  const submit = useSubmit();
  const workspaces = useRootData()?.workspaces ?? [];
  const current = useWorkspace();
  if (!current) return null;
  const choose = (id: string) => void submit({ workspace: id }, { method: "post", action: "/switch-workspace" });
  return (
    <>
      <MenuLabel>Workspace</MenuLabel>
      <MenuChoice
        value={current.id}
        onChange={choose}
        options={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <MenuSeparator />
      <MenuItem asChild>
        <Link to={`/workspaces/${current.id}`}>
          <PeopleIcon /> People and settings
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/workspaces/new">
          <PlusIcon /> New workspace
        </Link>
      </MenuItem>
    </>
  );
}

/** The workspace that is shown, in the header; phones have it in the account's menu. */
export function WorkspaceMenu() {
  const current = useWorkspace();
  if (!current) return null;
  return (
    <Menu
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
    >
      <WorkspaceItems />
    </Menu>
  );
}
