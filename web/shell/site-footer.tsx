import { Link } from "react-router";
import type { Policy } from "../../workers/accounts/consent-contract.ts";
import { PolicyLinks } from "./policy-links.tsx";

export function SiteFooter({ policy }: { policy: Policy }) {
  return (
    <footer className="border-line border-t">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-8 text-ink-soft text-sm sm:px-6">
        <p className="me-auto">Understudy. Stand-ins that show their sources.</p>
        <a className="hover:text-ink hover:underline" href="/api/docs">
          API reference
        </a>
        <a className="hover:text-ink hover:underline" href="/api/openapi.json">
          OpenAPI
        </a>
        <PolicyLinks policy={policy} />
        <Link className="hover:text-ink hover:underline" to="/sign-in">
          Sign in
        </Link>
      </div>
    </footer>
  );
}
