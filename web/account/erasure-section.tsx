import { fieldError } from "../../client/api-problem.ts";
import { Button } from "../ui/button.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { CodeField } from "./code-field.tsx";
import { OutcomeNotice } from "./outcome-notice.tsx";
import { Section } from "./section.tsx";
import { useOutcome } from "./use-outcome.ts";

/** Erases the account, with all that a sign-in takes. */
export function ErasureSection({ email, needsCode }: { email: string; needsCode: boolean }) {
  const { Form, busy, outcome } = useOutcome("erasure");
  return (
    <Section
      title="Erase your account"
      lead="Your workspaces, clones, documents and conversations are removed for good, and you leave all others. There is no way back: take out your data first."
    >
      <Form method="post" className="flex flex-col gap-5" noValidate>
        <input type="hidden" name="intent" value="erasure" />
        {/* For password managers: whose it is. */}
        <input type="hidden" name="username" autoComplete="username" defaultValue={email} />
        <OutcomeNotice outcome={outcome} fields={["password", "code"]} />
        <PasswordField
          label="Your password"
          name="password"
          autoComplete="current-password"
          required
          error={fieldError(outcome?.problem, "password")}
        />
        {needsCode && <CodeField error={fieldError(outcome?.problem, "code")} />}
        <Button type="submit" look="danger" busy={busy} className="self-start">
          Erase my account for good
        </Button>
      </Form>
    </Section>
  );
}
