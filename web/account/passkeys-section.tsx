import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { type ApiProblem, fieldError } from "../../client/api-problem.ts";
import type { Passkey } from "../../workers/accounts/passkey-contract.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { CodeField } from "./code-field.tsx";
import { addPasskey, hasPasskeys, passkeyProblem } from "./passkey-ceremony.ts";
import { PasskeyRow } from "./passkey-row.tsx";
import { Section } from "./section.tsx";

interface PasskeysSectionProps {
  passkeys: Passkey[];
  /** Whether the second factor is on. */
  twoFactor: boolean;
}

export function PasskeysSection({ passkeys, twoFactor }: PasskeysSectionProps) {
  const hydrated = useHydrated();
  return (
    <Section
      title="Passkeys"
      badge={<Badge tone={passkeys.length > 0 ? "good" : "plain"}>{passkeys.length || "None"}</Badge>}
      lead="Your finger, your face or the PIN of your device signs you in, without a password and without a code."
    >
      {passkeys.length > 0 && (
        <ul aria-label="Your passkeys" className="-mx-5 divide-y divide-line border-line border-y sm:-mx-7">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      {hydrated && !hasPasskeys() ? (
        <Notice tone="info">This browser cannot make passkeys. Open this page in another one to add one.</Notice>
      ) : (
        <NewPasskey twoFactor={twoFactor} />
      )}
    </Section>
  );
}

/** A value of a form, or nothing where it is empty. */
const given = (form: FormData, name: string) => {
  const value = String(form.get(name) ?? "").trim();
  return value ? { [name]: value } : {};
};

function NewPasskey({ twoFactor }: Pick<PasskeysSectionProps, "twoFactor">) {
  const hydrated = useHydrated();
  const { revalidate } = useRevalidator();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [added, setAdded] = useState<string | null>(null);
  const [asksWho, setAsksWho] = useState(false);
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const element = event.currentTarget;
    const form = new FormData(element);
    setBusy(true);
    setProblem(null);
    setAdded(null);
    try {
      const { name } = await addPasskey({ ...given(form, "name"), ...given(form, "password"), ...given(form, "code") });
      await revalidate();
      element.reset();
      setAdded(name);
      setAsksWho(false);
    } catch (error) {
      const told = passkeyProblem(error);
      setProblem(told);
      if (fieldError(told, "password")) setAsksWho(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={add} className="flex flex-col gap-5" noValidate>
      {added && <Notice tone="good">“{added}” was added. You can sign in with it from now on.</Notice>}
      <ProblemNotice problem={problem} fields={["name", "password", "code"]} />
      <TextField
        label="Name"
        name="name"
        optional
        hint="What you will know it by, such as “Telephone”."
        autoComplete="off"
        maxLength={100}
        error={fieldError(problem, "name")}
      />
      {asksWho && (
        <>
          <PasswordField
            label="Your password"
            name="password"
            autoComplete="current-password"
            required
            error={fieldError(problem, "password")}
          />
          {twoFactor && <CodeField error={fieldError(problem, "code")} />}
        </>
      )}
      <Button type="submit" busy={busy} disabled={!hydrated} className="self-start">
        Add a passkey
      </Button>
    </form>
  );
}
