import { LinkExternalIcon } from "@primer/octicons-react";

/** The web address that a document was imported from. What is no web address is shown, and leads nowhere. */
export function SourceLink({ url }: { url: string }) {
  const address = URL.parse(url);
  const shown = url.replace(/^https?:\/\//, "");
  const className = "block max-w-full truncate text-ink-soft text-xs";
  if (!address || !/^https?:$/.test(address.protocol)) return <span className={className}>{shown}</span>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className={`${className} hover:underline`}
      title={url}
    >
      {shown} <LinkExternalIcon size={12} aria-label="opens in a new tab" />
    </a>
  );
}
