import { KebabHorizontalIcon } from "@primer/octicons-react";
import type { Member } from "../../workers/workspaces/contract.ts";
import { may, mayManage, type Role, rolesGivenBy } from "../../workers/workspaces/roles.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { roleNames } from "./role-names.ts";

interface MemberRowProps {
  member: Member;
  isSelf: boolean;
  /** One's own role here. */
  own: Role;
  onRole: (role: Role) => void;
  onSuspend: (suspended: boolean) => void;
  onRemove: () => void;
  onTransfer: () => void;
}

/** A person in a workspace, with what the reader may do about them. */
export function MemberRow({ member, isSelf, own, onRole, onSuspend, onRemove, onTransfer }: MemberRowProps) {
  const { name, email, role, suspended } = member;
  const canChange = !isSelf && may(own, "member.change") && mayManage(own, role);
  const canTransfer = !isSelf && may(own, "workspace.transfer") && !suspended;
  return (
    <li className="flex items-center gap-3 py-3">
      <Avatar name={name} seed={member.id} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {name}
          {isSelf && <span className="font-normal text-ink-faint"> (you)</span>}
        </p>
        <p className="truncate text-ink-faint text-sm">{email}</p>
      </div>
      <div className="flex shrink-0 justify-end gap-1 max-sm:flex-col max-sm:items-end">
        {suspended && <Badge tone="warn">Suspended</Badge>}
        <Badge tone={role === "owner" ? "good" : "plain"}>{roleNames[role]}</Badge>
      </div>
      {canChange || canTransfer ? (
        <Menu
          trigger={
            <IconButton label={`More about ${name}`}>
              <KebabHorizontalIcon />
            </IconButton>
          }
        >
          {canChange && (
            <>
              <MenuLabel>Role</MenuLabel>
              <MenuChoice
                value={role}
                onChange={(value) => onRole(value as Role)}
                options={rolesGivenBy(own).map((value) => ({ value, label: roleNames[value] }))}
              />
              <MenuSeparator />
              <MenuItem onSelect={() => onSuspend(!suspended)}>{suspended ? "Let in again" : "Suspend"}</MenuItem>
            </>
          )}
          {canTransfer && <MenuItem onSelect={onTransfer}>Make the owner</MenuItem>}
          {canChange && (
            <MenuItem danger onSelect={onRemove}>
              Remove
            </MenuItem>
          )}
        </Menu>
      ) : (
        <span className="w-8 shrink-0 max-sm:hidden" />
      )}
    </li>
  );
}
