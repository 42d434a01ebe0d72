import { fieldError } from "../../client/api-problem.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { CodeField } from "./code-field.tsx";
import { OutcomeNotice } from "./outcome-notice.tsx";
import { QrImage } from "./qr-image.tsx";
import { Section } from "./section.tsx";
import type { Outcome } from "./security-actions.ts";
import { useOutcome } from "./use-outcome.ts";

type Outcomes = ReturnType<typeof useOutcome>;

interface TwoFactorSectionProps {
  enabled: boolean;
  codesLeft: number;
}

/** Two-factor authentication: off, waiting for its first code, or on. */
export function TwoFactorSection({ enabled, codesLeft }: TwoFactorSectionProps) {
  const setup = useOutcome("two-factor-setup", "two-factor-confirm");
  const codes = useOutcome("two-factor-codes");
  const fresh = codes.outcome?.recoveryCodes ?? setup.outcome?.recoveryCodes;
  return (
    <Section
      title="Two-factor authentication"
      badge={<Badge tone={enabled ? "good" : "plain"}>{enabled ? "On" : "Off"}</Badge>}
      lead="Signing in takes a code from an app on your telephone, so that a stolen password is not enough."
    >
      {enabled && fresh && <RecoveryCodes codes={fresh} />}
      {enabled ? <On codes={codes} codesLeft={codesLeft} /> : <Off setup={setup} />}
    </Section>
  );
}

function Off({ setup: { Form, busy, outcome } }: { setup: Outcomes }) {
  const off = useOutcome("two-factor-off");
  const pending = outcome?.pending;
  if (pending) return <Confirm {...{ Form, busy, outcome, pending }} />;
  const needsPassword = fieldError(outcome?.problem, "password");
  return (
    <Form method="post" className="flex flex-col gap-5" noValidate>
      <input type="hidden" name="intent" value="two-factor-setup" />
      <OutcomeNotice outcome={outcome ?? off.outcome} fields={["password"]} />
      {needsPassword && (
        <PasswordField
          label="Your password"
          name="password"
          autoComplete="current-password"
          required
          error={needsPassword}
        />
      )}
      <Button type="submit" busy={busy} className="self-start">
        Set up two-factor authentication
      </Button>
    </Form>
  );
}

interface ConfirmProps extends Pick<Outcomes, "Form" | "busy" | "outcome"> {
  pending: NonNullable<Outcome["pending"]>;
}

function Confirm({ Form, busy, outcome, pending }: ConfirmProps) {
  return (
    <Form method="post" className="flex flex-col gap-5" noValidate>
      <input type="hidden" name="intent" value="two-factor-confirm" />
      <input type="hidden" name="secret" value={pending.secret} />
      <input type="hidden" name="url" value={pending.url} />
      <div className="flex flex-col gap-5 sm:flex-row">
        <QrImage code={pending.qr} label="QR code for your authenticator app" />
        <div className="min-w-0 text-sm">
          <p>Scan this with an authenticator app. On this device, or without a camera, give it this key:</p>
          <div className="mt-3 flex items-start gap-2 rounded-xl bg-sunken px-3.5 py-2.5">
            <code data-secret className="min-w-0 flex-1 font-mono [overflow-wrap:anywhere]">
              {pending.secret.match(/.{1,4}/g)?.join(" ")}
            </code>
            <CopyButton text={pending.secret} label="Copy key" />
          </div>
          <p className="mt-3">Then enter the code that it shows.</p>
        </div>
      </div>
      <OutcomeNotice outcome={outcome} fields={["code"]} />
      <CodeField digitsOnly error={fieldError(outcome?.problem, "code")} />
      <Button type="submit" look="primary" busy={busy} className="self-start">
        Turn on
      </Button>
    </Form>
  );
}

function On({ codes, codesLeft }: { codes: Outcomes; codesLeft: number }) {
  const off = useOutcome("two-factor-off");
  return (
    <>
      <p className="text-sm">
        {codesLeft === 1 ? "One recovery code is" : `${codesLeft} recovery codes are`} left. Each signs you in once,
        where your telephone is not at hand.
      </p>
      <details open={codes.outcome?.problem !== undefined || undefined}>
        <summary className="cursor-pointer select-none font-medium text-ink-soft text-sm hover:text-ink">
          Make new recovery codes
        </summary>
        <codes.Form method="post" className="mt-4 flex flex-col gap-5" noValidate>
          <input type="hidden" name="intent" value="two-factor-codes" />
          <OutcomeNotice outcome={codes.outcome} fields={["code"]} />
          <CodeField error={fieldError(codes.outcome?.problem, "code")} />
          <Button type="submit" busy={codes.busy} className="self-start">
            Make new codes
          </Button>
        </codes.Form>
      </details>
      <details open={off.outcome?.problem !== undefined || undefined}>
        <summary className="cursor-pointer select-none font-medium text-ink-soft text-sm hover:text-ink">
          Turn it off
        </summary>
        <off.Form method="post" className="mt-4 flex flex-col gap-5" noValidate>
          <input type="hidden" name="intent" value="two-factor-off" />
          <OutcomeNotice outcome={off.outcome} fields={["password", "code"]} />
          <PasswordField
            label="Your password"
            name="password"
            autoComplete="current-password"
            required
            error={fieldError(off.outcome?.problem, "password")}
          />
          <CodeField error={fieldError(off.outcome?.problem, "code")} />
          <Button type="submit" look="danger" busy={off.busy} className="self-start">
            Turn off
          </Button>
        </off.Form>
      </details>
    </>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <div className="flex flex-col gap-3">
      <Notice
        tone="good"
        action={
          <CopyButton
            text={codes.join("\n")}
            label="Copy recovery codes"
            className="inline-flex items-center gap-1.5 rounded-lg px-2 py-1 font-medium hover:bg-hover"
          >
            Copy
          </CopyButton>
        }
      >
        Keep these recovery codes somewhere safe. They are shown this once.
      </Notice>
      <ul aria-label="Recovery codes" className="grid gap-x-6 gap-y-1.5 rounded-xl bg-sunken px-4 py-3 sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} className="font-mono text-sm">
            {code}
          </li>
        ))}
      </ul>
    </div>
  );
}
