import { GlobeIcon, LinkIcon, LockIcon } from "@primer/octicons-react";
import type { Clone } from "../../workers/clones/contract.ts";
import { Badge } from "../ui/badge.tsx";

type Visibility = Clone["visibility"];

export const visibilities: { value: Visibility; label: string; hint: string; icon: typeof LockIcon }[] = [
  { value: "private", label: "Private", hint: "Only you and your workspace can talk to it.", icon: LockIcon },
  { value: "unlisted", label: "Unlisted", hint: "Anybody with the link can talk to it.", icon: LinkIcon },
  { value: "public", label: "Public", hint: "Anybody can find it and talk to it.", icon: GlobeIcon },
];

export function VisibilityBadge({ visibility }: { visibility: Visibility }) {
  const shown = visibilities.find(({ value }) => value === visibility);
  if (!shown) return null;
  const Icon = shown.icon;
  return (
    <Badge tone={visibility === "private" ? "plain" : "good"}>
      <Icon size={12} /> {shown.label}
    </Badge>
  );
}
