import type { Policy } from "../../workers/accounts/consent-contract.ts";

const look = "hover:text-ink hover:underline";

/** Where the terms and the privacy policy can be read; nothing where there are none. */
export function PolicyLinks({ policy: { terms_url, privacy_url } }: { policy: Policy }) {
  return (
    <>
      {terms_url && (
        <a className={look} href={terms_url} target="_blank" rel="noreferrer">
          Terms
        </a>
      )}
      {privacy_url && (
        <a className={look} href={privacy_url} target="_blank" rel="noreferrer">
          Privacy
        </a>
      )}
    </>
  );
}

/** The links below a page that has no other footer. */
export function PolicyFooter({ policy }: { policy: Policy }) {
  if (!policy.terms_url && !policy.privacy_url) return null;
  return (
    <footer className="flex justify-center gap-5 border-line border-t px-4 py-2 text-ink-soft text-xs">
      <PolicyLinks policy={policy} />
    </footer>
  );
}
