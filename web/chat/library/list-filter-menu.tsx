import { TriangleDownIcon } from "@primer/octicons-react";
import type { ConversationLabels } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { menuOf } from "../../ui/menu.tsx";
import { type ListFilter, nameOf } from "./list-filter.ts";

const FilterMenu = menuOf(async () => (await import("./list-items.tsx")).FilterItems);

/** What the list shows: everything, a folder, a tag, or what was archived. */
export function ListFilterMenu({ filter, labels }: { filter: ListFilter; labels: ConversationLabels }) {
  return (
    <FilterMenu
      items={{ filter, labels }}
      align="start"
      trigger={
        <Button size="small" look="quiet" className="min-w-0 shrink! self-start px-2.5! text-ink!">
          <span className="truncate">{nameOf(filter)}</span>
          <TriangleDownIcon />
        </Button>
      }
    />
  );
}
