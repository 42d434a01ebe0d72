import {
  CommentDiscussionIcon,
  CpuIcon,
  CreditCardIcon,
  KeyIcon,
  LogIcon,
  MeterIcon,
  PeopleIcon,
  PersonIcon,
  PlusIcon,
  ServerIcon,
  ShieldLockIcon,
  SignOutIcon,
} from "@primer/octicons-react";
import { Link, useSubmit } from "react-router";
import type { User } from "../../workers/accounts/contract.ts";
import { useRootData } from "../root-data.ts";
import { MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { useMay } from "../workspaces/use-may.ts";
import { useWorkspace } from "./workspace-menu.tsx";

/** The person's workspaces to choose from, and what can be done about them. */
export function WorkspaceItems() {
  const submit = useSubmit();
  const workspaces = useRootData()?.workspaces ?? [];
  const current = useWorkspace();
  const mayBring = useMay("provider_key.write");
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
      {mayBring && (
        <MenuItem asChild>
          <Link to="/models">
            <CpuIcon /> Models
          </Link>
        </MenuItem>
      )}
      <MenuItem asChild>
        <Link to="/workspaces/new">
          <PlusIcon /> New workspace
        </Link>
      </MenuItem>
    </>
  );
}

/** What a person does about their account, and where they go. */
export function UserItems({ user }: { user: User }) {
  const submit = useSubmit();
  const runsBox = useMay("box.write");
  return (
    <>
      <MenuLabel>
        <span className="block font-medium text-ink text-sm">{user.name}</span>
        <span className="block max-w-56 truncate">{user.email}</span>
      </MenuLabel>
      {/* Where the header has no room for the workspaces’ own menu. */}
      <div className="sm:hidden">
        <MenuSeparator />
        <WorkspaceItems />
      </div>
      <MenuSeparator />
      <MenuItem asChild>
        <Link to="/clones">
          <PersonIcon /> Clones
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/chat">
          <CommentDiscussionIcon /> Conversations
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/activity">
          <LogIcon /> Activity
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/usage">
          <MeterIcon /> Usage
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/wallet">
          <CreditCardIcon /> Wallet
        </Link>
      </MenuItem>
      {runsBox && (
        <MenuItem asChild>
          <Link to="/box">
            <ServerIcon /> Own machine
          </Link>
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem asChild>
        <Link to="/account">
          <ShieldLockIcon /> Account and security
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/account/keys">
          <KeyIcon /> API keys
        </Link>
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => submit(null, { method: "post", action: "/sign-out" })}>
        <SignOutIcon /> Sign out
      </MenuItem>
    </>
  );
}
