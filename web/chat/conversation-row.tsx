import {
  ArchiveIcon,
  DownloadIcon,
  FileDirectoryIcon,
  KebabHorizontalIcon,
  NoteIcon,
  PencilIcon,
  PinIcon,
  TrashIcon,
} from "@primer/octicons-react";
import { NavLink, useFetcher } from "react-router";
import type { Conversation } from "../../workers/chat/contract.ts";
import type { action } from "../routes/conversation-change.ts";
import { IconButton } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { changePath } from "./conversation-dialogs.tsx";

interface ConversationRowProps {
  conversation: Conversation;
  /** What the list is narrowed to, kept in the address. */
  search: string;
  onFollow: (() => void) | undefined;
  onRename: () => void;
  onFile: () => void;
  onInstruct: () => void;
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
  const { conversation, search, onFollow, onRename, onFile, onInstruct, onDelete } = props;
  const fetcher = useFetcher<typeof action>();
  const { id, title, pinned, archived } = conversation;
  const change = (fields: Record<string, string>) =>
    fetcher.submit(fields, { method: "post", action: changePath(conversation) });
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
          <MenuItem onSelect={() => change({ intent: "pin", pinned: String(!pinned) })}>
            <PinIcon /> {pinned ? "Unpin" : "Pin"}
          </MenuItem>
          <MenuItem onSelect={onRename}>
            <PencilIcon /> Rename
          </MenuItem>
          <MenuItem onSelect={onFile}>
            <FileDirectoryIcon /> Folder and tags
          </MenuItem>
          <MenuItem onSelect={onInstruct}>
            <NoteIcon /> Instructions
          </MenuItem>
          <MenuItem onSelect={() => change({ intent: "archive", archived: String(!archived) })}>
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
    </li>
  );
}
