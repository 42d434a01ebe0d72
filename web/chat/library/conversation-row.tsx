import {
  ArchiveIcon,
  DownloadIcon,
  FileDirectoryIcon,
  GitBranchIcon,
  KebabHorizontalIcon,
  PencilIcon,
  PinIcon,
  ShareIcon,
  SlidersIcon,
  TrashIcon,
} from "@primer/octicons-react";
import { NavLink, useNavigate, useRevalidator } from "react-router";
import { changeConversation, forkAt } from "../../../client/conversation-calls.ts";
import type { Conversation } from "../../../workers/chat/contract.ts";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { FailureDialog } from "../../ui/dialog/failure-dialog.tsx";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu.tsx";
import { useAttempt } from "../../use-attempt.ts";
import { useMay } from "../../workspaces/use-may.ts";

interface ConversationRowProps {
  conversation: Conversation;
  /** What the list is narrowed to, kept in the address. */
  search: string;
  onFollow: (() => void) | undefined;
  onRename: () => void;
  onFile: () => void;
  onSettings: () => void;
  onShare: () => void;
  onDelete: () => void;
}

const rowClass =
  "focus-inset min-w-0 flex-1 truncate rounded-lg py-2 ps-2.5 pe-9 text-sm transition-colors hover:bg-hover";

const formats = [
  { format: "markdown", label: "Markdown" },
  { format: "pdf", label: "PDF" },
  { format: "json", label: "JSON, with all branches" },
];

/** A conversation in the list, and what can be done with it. */
export function ConversationRow(props: ConversationRowProps) {
  const { conversation, search, onFollow, onRename, onFile, onSettings, onShare, onDelete } = props;
  const { id, title, pinned, archived, head_message_id: head } = conversation;
  const { problem, attempt, forget } = useAttempt();
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const mayShare = useMay("conversation.share");
  const change = async (changes: { pinned?: boolean; archived?: boolean }) => {
    if (await attempt(() => changeConversation(id, changes))) void revalidate();
  };
  const fork = (from: string) =>
    attempt(async () => {
      const copy = await forkAt(id, from);
      onFollow?.();
      await navigate({ pathname: `/chat/${copy.id}`, search });
    });
  return (
    <li className="group relative flex items-center">
      <NavLink
        to={{ pathname: `/chat/${id}`, search }}
        prefetch="intent"
        onClick={onFollow}
        className={({ isActive }) => cx(rowClass, isActive ? "bg-hover font-medium text-ink" : "text-ink-soft")}
      >
        {title}
      </NavLink>
      <div className="absolute end-0.5 opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100 has-data-[state=open]:opacity-100">
        <Menu
          trigger={
            <IconButton label={`More about “${title}”`}>
              <KebabHorizontalIcon />
            </IconButton>
          }
        >
          <MenuItem onSelect={() => change({ pinned: !pinned })}>
            <PinIcon /> {pinned ? "Unpin" : "Pin"}
          </MenuItem>
          <MenuItem onSelect={onRename}>
            <PencilIcon /> Rename
          </MenuItem>
          <MenuItem onSelect={onFile}>
            <FileDirectoryIcon /> Folder and tags
          </MenuItem>
          <MenuItem disabled={head === null} onSelect={() => head !== null && fork(head)}>
            <GitBranchIcon /> Go on in a new conversation
          </MenuItem>
          <MenuItem onSelect={onSettings}>
            <SlidersIcon /> Settings
          </MenuItem>
          {mayShare && (
            <MenuItem disabled={head === null} onSelect={onShare}>
              <ShareIcon /> Share
            </MenuItem>
          )}
          <MenuItem onSelect={() => change({ archived: !archived })}>
            <ArchiveIcon /> {archived ? "Take out of the archive" : "Archive"}
          </MenuItem>
          <MenuSeparator />
          <MenuLabel>Download as</MenuLabel>
          {formats.map(({ format, label }) => (
            <MenuItem key={format} asChild>
              <a href={`/api/v1/conversations/${id}/export?format=${format}`} download>
                <DownloadIcon /> {label}
              </a>
            </MenuItem>
          ))}
          <MenuSeparator />
          <MenuItem danger onSelect={onDelete}>
            <TrashIcon /> Delete
          </MenuItem>
        </Menu>
      </div>
      <FailureDialog problem={problem?.detail ?? null} onClose={forget} />
    </li>
  );
}
