import { ChevronDownIcon } from "@primer/octicons-react";
import type { Clone } from "../../../workers/clones/contract.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuLabel } from "../../ui/menu.tsx";

interface ClonePickerProps {
  clones: readonly Clone[];
  value: string;
  onChange: (id: string) => void;
}

/** Whom a new conversation is with. */
export function ClonePicker({ clones, value, onChange }: ClonePickerProps) {
  const chosen = clones.find(({ id }) => id === value);
  return (
    <div className="flex items-center gap-2 px-4 py-3 text-sm sm:px-6">
      <span className="text-ink-soft">Talk to</span>
      <Menu
        align="start"
        trigger={
          <Button size="small" className="min-w-0 max-w-64 shrink!">
            <span className="truncate">{chosen?.name ?? "Choose a clone"}</span>
            <ChevronDownIcon />
          </Button>
        }
      >
        <MenuLabel>Clones</MenuLabel>
        <div className="max-h-80 max-w-72 overflow-y-auto">
          <MenuChoice
            value={value}
            onChange={onChange}
            options={clones.map(({ id, name }) => ({
              value: id,
              label: name,
              icon: <Avatar name={name} seed={id} size="small" />,
            }))}
          />
        </div>
      </Menu>
    </div>
  );
}
