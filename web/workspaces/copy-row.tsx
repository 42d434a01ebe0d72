import { CopyButton } from "../ui/copy-button.tsx";

/** Something to be entered elsewhere, exactly as it is. */
export function CopyRow({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex items-start gap-2 py-2">
      <div className="min-w-0 flex-1">
        <p className="text-ink-soft text-sm">{label}</p>
        <code className="block select-all break-all text-[0.8125rem]">{value}</code>
      </div>
      <CopyButton text={value} label={`Copy ${label}`} />
    </div>
  );
}
