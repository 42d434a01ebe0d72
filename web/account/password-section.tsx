import { useEffect, useRef } from "react";
import { fieldError } from "../../client/api-problem.ts";
import { Button } from "../ui/button.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { OutcomeNotice } from "./outcome-notice.tsx";
import { Section } from "./section.tsx";
import { useOutcome } from "./use-outcome.ts";

export function PasswordSection({ email }: { email: string }) {
  const { Form, busy, outcome } = useOutcome("password");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (outcome?.done) form.current?.reset();
  }, [outcome]);
  return (
    <Section title="Password" lead="Changing it signs you out everywhere else.">
      <Form ref={form} method="post" className="flex flex-col gap-5" noValidate>
        <input type="hidden" name="intent" value="password" />
        {/* For password managers: whose it is. */}
        <input type="hidden" name="username" autoComplete="username" defaultValue={email} />
        <OutcomeNotice outcome={outcome} fields={["current_password", "new_password"]} />
        <PasswordField
          label="Current password"
          name="current_password"
          autoComplete="current-password"
          required
          error={fieldError(outcome?.problem, "current_password")}
        />
        <PasswordField
          label="New password"
          name="new_password"
          autoComplete="new-password"
          hint="At least 12 characters. A short sentence is easy to remember."
          required
          error={fieldError(outcome?.problem, "new_password")}
        />
        <Button type="submit" busy={busy} className="self-start">
          Change password
        </Button>
      </Form>
    </Section>
  );
}
