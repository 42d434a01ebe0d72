import { BookIcon, CpuIcon } from "@primer/octicons-react";
import { Badge } from "../../ui/badge.tsx";

/** Which model answers. The built-in reader says what it is and what it does not do. */
export function ModelBadge({ model }: { model: string | null }) {
  if (!model) return null;
  if (model.startsWith("offline/")) {
    return (
      <Badge className="whitespace-normal! text-start">
        <BookIcon size={12} className="shrink-0" />
        <span>
          <span className="font-semibold">Offline reader</span>: quotes your documents, writes nothing of its own
        </span>
      </Badge>
    );
  }
  return (
    <Badge>
      <CpuIcon size={12} className="shrink-0" />
      <span className="truncate">{model}</span>
    </Badge>
  );
}
