import { KebabHorizontalIcon, PlusIcon, SearchIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { Conversation, ConversationLabels } from "../../../workers/chat/contract.ts";
import { ButtonLink, IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { inputClass } from "../../ui/input-class.ts";
import { menuOf } from "../../ui/menu.tsx";
import { ShowOlder } from "../../ui/show-older.tsx";
import { useHydrated } from "../../ui/use-hydrated.ts";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { type ListPage, useOlder } from "../../use-older.ts";
import { ConversationRow } from "./conversation-row.tsx";
import { groupByDate } from "./date-groups.ts";
import type { Asking } from "./list-dialogs.tsx";
import { type ListFilter, nameOf, queryOf, searchOf } from "./list-filter.ts";
import { ListFilterMenu } from "./list-filter-menu.tsx";
import { MessageResults } from "./message-results.tsx";

const ListMenu = menuOf(async () => (await import("./list-items.tsx")).ListItems);
const ListDialogs = whenNeeded(async () => (await import("./list-dialogs.tsx")).ListDialogs);
const SelectConversations = whenNeeded(async () => (await import("./select-conversations.tsx")).SelectConversations);

interface ConversationListProps {
  conversations: ListPage<Conversation>;
  filter: ListFilter;
  labels: ConversationLabels;
  now: number;
  onFollow?: () => void;
}

/** One's conversations by date, newest first, pinned ones above; or the messages that a search finds. */
export function ConversationList({ conversations, filter, labels, now, onFollow }: ConversationListProps) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [query, setQuery] = useState("");
  const [selecting, setSelecting] = useState(false);
  const page = new URLSearchParams({ limit: "100", ...queryOf(filter) });
  const older = useOlder(conversations, (cursor) => `/conversations?${page}&cursor=${encodeURIComponent(cursor)}`);
  const close = () => {
    setAsking(null);
    older.forget();
  };
  const isSearching = query.trim() !== "";
  return (
    <nav aria-label="Conversations" className="flex flex-col gap-3 p-3">
      <div className="flex items-center gap-1">
        <ButtonLink to="/chat" size="small" className="h-10! flex-1 justify-start!" onClick={onFollow}>
          <PlusIcon /> New conversation
        </ButtonLink>
        <ListMenu
          items={{
            isEmpty: older.items.length === 0,
            onSelect: () => setSelecting(true),
            onImport: () => setAsking({ about: "import" }),
          }}
          trigger={
            <IconButton label="More about your conversations" className="size-10!">
              <KebabHorizontalIcon />
            </IconButton>
          }
        />
      </div>
      <div className="relative">
        <SearchIcon className="pointer-events-none absolute start-3 top-2.5 text-ink-faint" />
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder="Search messages"
          aria-label="Search messages"
          maxLength={500}
          className={cx(inputClass, "h-9 ps-9! text-sm!")}
        />
      </div>
      {isSearching ? (
        <MessageResults query={query} onFollow={onFollow} />
      ) : selecting ? (
        <SelectConversations
          conversations={older.items}
          archived={filter.archived}
          onDone={() => {
            setSelecting(false);
            older.forget();
          }}
        />
      ) : (
        <>
          <ListFilterMenu filter={filter} labels={labels} />
          <Groups items={older.items} filter={filter} now={now} onFollow={onFollow} onAsk={setAsking} />
          <ShowOlder older={older} label="Show older" />
        </>
      )}
      {asking && <ListDialogs asking={asking} labels={labels} onClose={close} />}
    </nav>
  );
}

interface GroupsProps {
  items: readonly Conversation[];
  filter: ListFilter;
  now: number;
  onFollow: (() => void) | undefined;
  onAsk: (asking: Asking) => void;
}

function Groups({ items, filter, now, onFollow, onAsk }: GroupsProps) {
  // The server does not know the reader's zone; both first render in UTC, then the browser corrects it.
  const offset = useHydrated() ? new Date(now).getTimezoneOffset() : 0;
  const pinned = items.filter((conversation) => conversation.pinned);
  const rest = items.filter((conversation) => !conversation.pinned);
  const groups = [
    ...(pinned.length > 0 ? [{ label: "Pinned", items: pinned }] : []),
    ...groupByDate(rest, now, offset),
  ];
  if (groups.length === 0) {
    const isNarrowed = searchOf(filter) !== "";
    return (
      <p className="px-2.5 text-ink-soft text-sm">
        {isNarrowed ? `Nothing in “${nameOf(filter)}”.` : "Your conversations will be listed here."}
      </p>
    );
  }
  return groups.map(({ label, items }) => (
    <section key={label} aria-label={label}>
      <h2 className="px-2.5 pb-1 font-medium text-ink-faint text-xs">{label}</h2>
      <ul className="flex flex-col gap-px">
        {items.map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            search={searchOf(filter)}
            onFollow={onFollow}
            onRename={() => onAsk({ about: "name", conversation })}
            onFile={() => onAsk({ about: "filing", conversation })}
            onSettings={() => onAsk({ about: "settings", conversation })}
            onShare={() => onAsk({ about: "sharing", conversation })}
            onDelete={() => onAsk({ about: "deletion", conversation })}
          />
        ))}
      </ul>
    </section>
  ));
}
