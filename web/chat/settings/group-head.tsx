import { CloudIcon, DeviceDesktopIcon, KeyIcon } from "@primer/octicons-react";
import { Badge } from "../../ui/badge.tsx";
import type { ModelGroup } from "./model-groups.ts";

interface GroupHeadProps {
  group: ModelGroup;
  id: string;
  /** Why none of them may be chosen; null where they may. */
  out: string | null;
}

/** Whose the models below it are, and on whose machine they answer. */
export function GroupHead({ group: { name, lane, payer }, id, out }: GroupHeadProps) {
  return (
    <div id={id} className="sticky top-0 z-1 bg-raised px-3 pt-3 pb-1">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-semibold text-ink-soft text-xs [overflow-wrap:anywhere]">{name}</span>
        {lane === "own" && (
          <Badge tone="good">
            <DeviceDesktopIcon size={12} /> Own machine
          </Badge>
        )}
        {lane === "cloud" && (
          <Badge>
            <CloudIcon size={12} /> Cloud
          </Badge>
        )}
        {payer === "workspace" && (
          <Badge>
            <KeyIcon size={12} /> Your workspace’s
          </Badge>
        )}
      </p>
      {out && <p className="mt-0.5 text-ink-soft text-xs">{out}</p>}
    </div>
  );
}
