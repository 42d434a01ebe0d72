import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import { Notice } from "./notice.tsx";

/** A link that was just made, to be copied; `children` says what it is for. */
export function NewLink({ url, children }: { url: string; children: ReactNode }) {
  return (
    <Notice
      tone="good"
      action={
        <CopyButton
          text={url}
          label="Copy the link"
          className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-lg px-2.5 font-medium hover:bg-hover"
        >
          Copy link
        </CopyButton>
      }
    >
      <span className="block">{children}</span>
      <code className="block select-all break-all text-xs">{url}</code>
    </Notice>
  );
}
