import { FileIcon } from "@primer/octicons-react";
import { Link } from "react-router";
import type { Clone } from "../../workers/clones/contract.ts";
import { Avatar } from "../ui/avatar.tsx";
import { When } from "../ui/when.tsx";
import { VisibilityBadge } from "./visibility.tsx";

export function documentCount(count: number): string {
  return count === 0 ? "No documents yet" : `${count} ${count === 1 ? "document" : "documents"}`;
}

export function CloneCard({ clone }: { clone: Clone }) {
  return (
    <Link
      to={`/clones/${clone.id}`}
      prefetch="intent"
      className="group flex h-full flex-col rounded-card border border-line bg-surface p-5 shadow-card transition-[box-shadow,border-color] hover:border-accent-line hover:shadow-lift"
    >
      <div className="flex items-start justify-between gap-3">
        <Avatar name={clone.name} seed={clone.id} />
        <VisibilityBadge visibility={clone.visibility} />
      </div>
      <h2 className="mt-4 line-clamp-2 font-semibold text-lg leading-snug [overflow-wrap:anywhere]">{clone.name}</h2>
      <p className="mt-1 line-clamp-2 text-ink-soft text-sm [overflow-wrap:anywhere]">
        {clone.description || "No description yet."}
      </p>
      <p className="mt-auto flex items-center gap-1.5 pt-4 text-ink-faint text-xs">
        <FileIcon size={12} />
        {documentCount(clone.document_count)}
        <span aria-hidden="true">·</span>
        <span>
          changed <When iso={clone.updated_at} />
        </span>
      </p>
    </Link>
  );
}
