import type { Policy } from "../../workers/accounts/consent-contract.ts";
import { CheckboxField } from "../ui/field.tsx";

const look = "font-medium text-accent underline underline-offset-4";

/** A box to tick for the present version of the terms; nothing where nobody is asked. */
export function AgreeField({ policy, error }: { policy: Policy; error?: string | undefined }) {
  if (policy.version === null) return null;
  return (
    <CheckboxField
      name="accept_policy"
      value={policy.version}
      required
      error={error}
      label={
        <>
          I agree to the{" "}
          <a className={look} href={policy.terms_url ?? ""} target="_blank" rel="noreferrer">
            terms
          </a>{" "}
          and the{" "}
          <a className={look} href={policy.privacy_url ?? ""} target="_blank" rel="noreferrer">
            privacy policy
          </a>
          .
        </>
      }
    />
  );
}
