import {
  CommentDiscussionIcon,
  KeyIcon,
  LogIcon,
  PersonIcon,
  ShieldLockIcon,
  SignOutIcon,
} from "@primer/octicons-react";
import { Link, useSubmit } from "react-router";
import type { User } from "../../workers/accounts/contract.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { WorkspaceItems } from "./workspace-menu.tsx";

export function UserMenu({ user }: { user: User }) {
  const submit = useSubmit();
  return (
    <Menu
      trigger={
        <button type="button" aria-label={`Account of ${user.name}`} className="rounded-lg p-1 hover:bg-hover">
          <Avatar name={user.name} seed={user.id} size="small" />
        </button>
      }
    >
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
    </Menu>
  );
}
