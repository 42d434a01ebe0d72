import {
  ArchiveIcon,
  ChecklistIcon,
  CommentDiscussionIcon,
  DownloadIcon,
  FileDirectoryIcon,
  GitBranchIcon,
  PencilIcon,
  PeopleIcon,
  PinIcon,
  ShareIcon,
  SlidersIcon,
  TagIcon,
  TrashIcon,
  UploadIcon,
} from "@primer/octicons-react";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import type { Conversation, ConversationLabels } from "../../../workers/chat/contract.ts";
import { MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu.tsx";
import { useMay } from "../../workspaces/use-may.ts";
import { type ListFilter, nameOf, searchOf } from "./list-filter.ts";

interface ListItemsProps {
  isEmpty: boolean;
  onSelect: () => void;
  onImport: () => void;
}

/** What is done with all of the list. */
export function ListItems({ isEmpty, onSelect, onImport }: ListItemsProps) {
  return (
    <>
      <MenuItem disabled={isEmpty} onSelect={onSelect}>
        <ChecklistIcon /> Choose several
      </MenuItem>
      <MenuItem onSelect={onImport}>
        <UploadIcon /> Import
      </MenuItem>
      <MenuItem asChild>
        <Link to="/shared">
          <PeopleIcon /> Shared with the workspace
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <a href="/api/v1/conversations/export" download>
          <DownloadIcon /> Download all
        </a>
      </MenuItem>
    </>
  );
}

const everything: ListFilter = { folder: null, tag: null, archived: false };

/** What the list can be narrowed to. */
export function FilterItems({ filter, labels }: { filter: ListFilter; labels: ConversationLabels }) {
  const navigate = useNavigate();
  const option = (shown: ListFilter, icon: ReactNode) => ({ value: searchOf(shown), label: nameOf(shown), icon });
  const choice = (options: ReturnType<typeof option>[]) => (
    // The conversation that is open stays open.
    <MenuChoice value={searchOf(filter)} onChange={(search) => navigate({ search })} options={options} />
  );
  return (
    <div className="max-h-96 max-w-72 overflow-y-auto">
      {choice([
        option(everything, <CommentDiscussionIcon />),
        option({ ...everything, archived: true }, <ArchiveIcon />),
      ])}
      {labels.folders.length > 0 && <MenuLabel>Folders</MenuLabel>}
      {choice(labels.folders.map(({ name }) => option({ ...everything, folder: name }, <FileDirectoryIcon />)))}
      {labels.tags.length > 0 && <MenuLabel>Tags</MenuLabel>}
      {choice(labels.tags.map(({ name }) => option({ ...everything, tag: name }, <TagIcon />)))}
    </div>
  );
}

export interface RowItemsProps {
  conversation: Conversation;
  onChange: (changes: { pinned?: boolean; archived?: boolean }) => void;
  onFork: (from: string) => void;
  onRename: () => void;
  onFile: () => void;
  onSettings: () => void;
  onShare: () => void;
  onDelete: () => void;
}

const formats = [
  { format: "markdown", label: "Markdown" },
  { format: "pdf", label: "PDF" },
  { format: "json", label: "JSON, with all branches" },
];

/** What is done with one conversation. */
export function RowItems({ conversation, onChange, onFork, ...ask }: RowItemsProps) {
  const { id, pinned, archived, head_message_id: head } = conversation;
  const mayShare = useMay("conversation.share");
  return (
    <>
      <MenuItem onSelect={() => onChange({ pinned: !pinned })}>
        <PinIcon /> {pinned ? "Unpin" : "Pin"}
      </MenuItem>
      <MenuItem onSelect={ask.onRename}>
        <PencilIcon /> Rename
      </MenuItem>
      <MenuItem onSelect={ask.onFile}>
        <FileDirectoryIcon /> Folder and tags
      </MenuItem>
      <MenuItem disabled={head === null} onSelect={() => head !== null && onFork(head)}>
        <GitBranchIcon /> Go on in a new conversation
      </MenuItem>
      <MenuItem onSelect={ask.onSettings}>
        <SlidersIcon /> Settings
      </MenuItem>
      {mayShare && (
        <MenuItem disabled={head === null} onSelect={ask.onShare}>
          <ShareIcon /> Share
        </MenuItem>
      )}
      <MenuItem onSelect={() => onChange({ archived: !archived })}>
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
      <MenuItem danger onSelect={ask.onDelete}>
        <TrashIcon /> Delete
      </MenuItem>
    </>
  );
}
