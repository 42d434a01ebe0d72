import {
  ArchiveIcon,
  CommentDiscussionIcon,
  FileDirectoryIcon,
  TagIcon,
  TriangleDownIcon,
} from "@primer/octicons-react";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import type { ConversationLabels } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuLabel } from "../../ui/menu.tsx";
import { type ListFilter, nameOf, searchOf } from "./list-filter.ts";

const everything: ListFilter = { folder: null, tag: null, archived: false };

/** What the list shows: everything, a folder, a tag, or what was archived. */
export function ListFilterMenu({ filter, labels }: { filter: ListFilter; labels: ConversationLabels }) {
  const navigate = useNavigate();
  const option = (shown: ListFilter, icon: ReactNode) => ({ value: searchOf(shown), label: nameOf(shown), icon });
  const choice = (options: ReturnType<typeof option>[]) => (
    // The conversation that is open stays open.
    <MenuChoice value={searchOf(filter)} onChange={(search) => navigate({ search })} options={options} />
  );
  return (
    <Menu
      align="start"
      trigger={
        <Button size="small" look="quiet" className="min-w-0 shrink! self-start px-2.5! text-ink!">
          <span className="truncate">{nameOf(filter)}</span>
          <TriangleDownIcon />
        </Button>
      }
    >
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
    </Menu>
  );
}
