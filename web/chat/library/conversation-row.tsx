import { KebabHorizontalIcon } from "@primer/octicons-react";
import { NavLink, useNavigate, useRevalidator } from "react-router";
import { changeConversation, forkAt } from "../../../client/conversation-calls.ts";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { FailureDialog } from "../../ui/dialog/failure-dialog.tsx";
import { menuOf } from "../../ui/menu.tsx";
import { useAttempt } from "../../use-attempt.ts";
import type { RowItemsProps } from "./list-items.tsx";

const RowMenu = menuOf(async () => (await import("./list-items.tsx")).RowItems);

interface ConversationRowProps extends Omit<RowItemsProps, "onChange" | "onFork"> {
  /** What the list is narrowed to, kept in the address. */
  search: string;
  onFollow: (() => void) | undefined;
}

const rowClass =
  "focus-inset min-w-0 flex-1 truncate rounded-lg py-2 ps-2.5 pe-9 text-sm transition-colors hover:bg-hover";

/** A conversation in the list, and what can be done with it. */
export function ConversationRow({ search, onFollow, ...items }: ConversationRowProps) {
  const { id, title } = items.conversation;
  const { problem, attempt, forget } = useAttempt();
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const change: RowItemsProps["onChange"] = async (changes) => {
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
        <RowMenu
          items={{ ...items, onChange: change, onFork: fork }}
          trigger={
            <IconButton label={`More about “${title}”`}>
              <KebabHorizontalIcon />
            </IconButton>
          }
        />
      </div>
      <FailureDialog problem={problem?.detail ?? null} onClose={forget} />
    </li>
  );
}
