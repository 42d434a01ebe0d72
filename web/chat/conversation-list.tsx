import { KebabHorizontalIcon, PencilIcon, PinIcon, PlusIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { NavLink, useFetcher } from "react-router";
import type { Conversation } from "../../workers/chat/contract.ts";
import type { action } from "../routes/conversation-change.ts";
import { ButtonLink, IconButton } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { type ListPage, useOlder } from "../use-older.ts";
import { changePath, DeleteDialog, RenameDialog } from "./conversation-dialogs.tsx";
import { groupByDate } from "./date-groups.ts";

interface ConversationListProps {
  conversations: ListPage<Conversation>;
  now: number;
  onFollow?: () => void;
}

/** One's conversations by date, newest first, pinned ones above. */
export function ConversationList({ conversations, now, onFollow }: ConversationListProps) {
  const [renaming, setRenaming] = useState<Conversation | null>(null);
  const [deleting, setDeleting] = useState<Conversation | null>(null);
  // The server does not know the reader's zone; both first render in UTC, then the browser corrects it.
  const offset = useHydrated() ? new Date(now).getTimezoneOffset() : 0;
  const older = useOlder(conversations, (cursor) => `/conversations?limit=100&cursor=${encodeURIComponent(cursor)}`);
  const pinned = older.items.filter((conversation) => conversation.pinned);
  const rest = older.items.filter((conversation) => !conversation.pinned);
  const close = () => {
    setRenaming(null);
    setDeleting(null);
    older.forget();
  };
  const groups = [
    ...(pinned.length > 0 ? [{ label: "Pinned", items: pinned }] : []),
    ...groupByDate(rest, now, offset),
  ];
  return (
    <nav aria-label="Conversations" className="flex flex-col gap-4 p-3">
      <ButtonLink to="/chat" size="small" className="h-10! justify-start!" onClick={onFollow}>
        <PlusIcon /> New conversation
      </ButtonLink>
      {groups.length === 0 && <p className="px-2.5 text-ink-soft text-sm">Your conversations will be listed here.</p>}
      {groups.map(({ label, items }) => (
        <section key={label} aria-label={label}>
          <h2 className="px-2.5 pb-1 font-medium text-ink-faint text-xs">{label}</h2>
          <ul className="flex flex-col gap-px">
            {items.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                onFollow={onFollow}
                onRename={() => setRenaming(conversation)}
                onDelete={() => setDeleting(conversation)}
              />
            ))}
          </ul>
        </section>
      ))}
      <ShowOlder older={older} label="Show older" />
      {renaming && <RenameDialog conversation={renaming} onClose={close} />}
      {deleting && <DeleteDialog conversation={deleting} onClose={close} />}
    </nav>
  );
}

interface ConversationRowProps {
  conversation: Conversation;
  onFollow: (() => void) | undefined;
  onRename: () => void;
  onDelete: () => void;
}

function ConversationRow({ conversation, onFollow, onRename, onDelete }: ConversationRowProps) {
  const fetcher = useFetcher<typeof action>();
  const pin = () =>
    fetcher.submit(
      { intent: "pin", pinned: String(!conversation.pinned) },
      { method: "post", action: changePath(conversation) },
    );
  return (
    <li className="group relative flex items-center">
      <NavLink
        to={`/chat/${conversation.id}`}
        prefetch="intent"
        onClick={onFollow}
        className={({ isActive }) =>
          cx(
            "focus-inset min-w-0 flex-1 truncate rounded-lg py-2 ps-2.5 pe-9 text-sm transition-colors hover:bg-hover",
            isActive ? "bg-hover font-medium text-ink" : "text-ink-soft",
          )
        }
      >
        {conversation.title}
      </NavLink>
      <div className="absolute end-0.5 opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100 has-data-[state=open]:opacity-100">
        <Menu
          trigger={
            <IconButton label={`More about “${conversation.title}”`}>
              <KebabHorizontalIcon />
            </IconButton>
          }
        >
          <MenuItem onSelect={pin}>
            <PinIcon /> {conversation.pinned ? "Unpin" : "Pin"}
          </MenuItem>
          <MenuItem onSelect={onRename}>
            <PencilIcon /> Rename
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={onDelete}>
            <TrashIcon /> Delete
          </MenuItem>
        </Menu>
      </div>
    </li>
  );
}
