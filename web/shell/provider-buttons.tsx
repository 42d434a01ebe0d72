import { MarkGithubIcon, OrganizationIcon } from "@primer/octicons-react";
import type { OAuthProviderEntry, OAuthRefusalReason } from "../../workers/accounts/oauth-contract.ts";
import { ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";

const sentences: Record<OAuthRefusalReason, string> = {
  cancelled: "You did not finish signing in there. Try again, or sign in with your password.",
  expired: "That sign-in took too long, was used before, or began in another browser. Try again.",
  provider_failed: "The other site could not sign you in. Try again, or sign in with your password.",
  email_unverified: "The other site has not confirmed your e-mail address. Confirm it there, then try again.",
  account_unconfirmed:
    "There is an account with your address that nobody has confirmed yet. Choose a new password for it by mail, below; then you can sign in this way.",
  already_linked:
    "The account with your address belongs to another person at that site. Sign in with its password, or as that person.",
  suspended: "Your account is suspended. Write to whoever runs this installation.",
  address_not_allowed:
    "Your address is in none of the domains that this single sign-on is for. Ask whoever looks after it in your organisation.",
  not_member:
    "You are suspended in the workspace that this single sign-on leads to, or are no longer in it. Ask an owner or admin of it to let you in.",
  workspace_full: "The workspace holds no more people. Ask an owner or admin of it.",
};

/** Why a sign-in by a provider came to nothing; nothing where none did. */
export function ProviderProblem({ problem }: { problem: string | null }) {
  const sentence = problem && Object.hasOwn(sentences, problem) ? sentences[problem as OAuthRefusalReason] : null;
  return sentence && <Notice tone="danger">{sentence}</Notice>;
}

/** The ways to sign in without a password, below the form: providers that are set up, and people’s own organisations. `next` is where the person wants to go. */
export function ProviderButtons({ providers, next }: { providers: OAuthProviderEntry[]; next: string }) {
  const query = new URLSearchParams({ return_to: next });
  return (
    <div className="mt-5 flex flex-col gap-3">
      <p className="flex items-center gap-3 text-ink-soft text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      {providers.map(({ id, name, kind }) =>
        kind === "password" ? (
          <ButtonLink key={id} to={`/sign-in/${id}?${new URLSearchParams({ next })}`} size="large">
            Sign in with {name}
          </ButtonLink>
        ) : (
          <ButtonLink key={id} to={`/api/v1/auth/oauth/${id}?${query}`} reloadDocument size="large" rel="nofollow">
            {id === "github" && <MarkGithubIcon />}
            Continue with {name}
          </ButtonLink>
        ),
      )}
      <ButtonLink to={`/sign-in?${new URLSearchParams({ step: "sso", next })}`} size="large">
        <OrganizationIcon />
        Single sign-on
      </ButtonLink>
    </div>
  );
}
