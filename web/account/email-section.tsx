import { fieldError } from "../../client/api-problem.ts";
import type { User } from "../../workers/accounts/contract.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { OutcomeNotice } from "./outcome-notice.tsx";
import { Section } from "./section.tsx";
import { useOutcome } from "./use-outcome.ts";

export function EmailSection({ user }: { user: User }) {
  const verification = useOutcome("verification");
  const change = useOutcome("email");
  const problem = change.outcome?.problem;
  return (
    <Section
      title="E-mail"
      badge={
        <Badge tone={user.email_verified ? "good" : "warn"}>
          {user.email_verified ? "Confirmed" : "Not confirmed"}
        </Badge>
      }
      lead={
        <>
          You sign in with <strong className="font-medium text-ink [overflow-wrap:anywhere]">{user.email}</strong>.
        </>
      }
    >
      {!user.email_verified && (
        <verification.Form method="post" className="flex flex-col items-start gap-3">
          <input type="hidden" name="intent" value="verification" />
          <Button type="submit" busy={verification.busy}>
            Mail me a link to confirm it
          </Button>
          <OutcomeNotice outcome={verification.outcome} />
        </verification.Form>
      )}
      <details open={change.outcome !== undefined || undefined}>
        <summary className="cursor-pointer select-none font-medium text-ink-soft text-sm hover:text-ink">
          Change your address
        </summary>
        <change.Form method="post" className="mt-4 flex flex-col gap-5" noValidate>
          <input type="hidden" name="intent" value="email" />
          <OutcomeNotice outcome={change.outcome} fields={["email", "password"]} />
          <TextField
            label="New e-mail"
            name="email"
            type="email"
            autoComplete="email"
            required
            error={fieldError(problem, "email")}
          />
          <PasswordField
            label="Your password"
            name="password"
            autoComplete="current-password"
            required
            error={fieldError(problem, "password")}
          />
          <Button type="submit" busy={change.busy} className="self-start">
            Mail a link to the new address
          </Button>
        </change.Form>
      </details>
    </Section>
  );
}
