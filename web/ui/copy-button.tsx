import { CheckIcon, CopyIcon } from "@primer/octicons-react";
import { type ReactNode, useEffect, useState } from "react";

interface CopyButtonProps {
  text: string | (() => string);
  label: string;
  /** How it looks where it is more than an icon. */
  className?: string;
  children?: ReactNode;
}

const iconClass =
  "inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-ink-soft hover:bg-hover hover:text-ink";

/** Copies and says so on itself: no message has to fly in from elsewhere. */
export function CopyButton({ text, label, className = iconClass, children }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_800);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text());
    setCopied(true);
  };
  return (
    <button type="button" onClick={copy} aria-label={copied ? "Copied" : label} title={label} className={className}>
      {copied ? <CheckIcon className="text-accent" /> : <CopyIcon />}
      {children && (copied ? "Copied" : children)}
    </button>
  );
}
