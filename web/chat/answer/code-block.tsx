import { isValidElement, type ReactNode, useRef } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";

function languageOf(children: ReactNode): string | null {
  if (!isValidElement<{ className?: string }>(children)) return null;
  return children.props.className?.match(/language-([\w+#.-]+)/)?.[1] ?? null;
}

/** A block of code with its language and a copy button. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const pre = useRef<HTMLPreElement>(null);
  return (
    <figure className="overflow-hidden rounded-xl border border-line bg-sunken">
      <figcaption className="flex h-9 items-center justify-between border-line border-b ps-3.5 pe-1.5 text-ink-faint text-xs">
        <span>{languageOf(children) ?? "text"}</span>
        <CopyButton
          text={() => pre.current?.textContent ?? ""}
          label="Copy code"
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-hover hover:text-ink"
        >
          Copy
        </CopyButton>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too */}
      <pre ref={pre} tabIndex={0} className="focus-inset overflow-x-auto px-3.5 py-3 text-[0.8125rem] leading-relaxed">
        {children}
      </pre>
    </figure>
  );
}
