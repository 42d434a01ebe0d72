import { TextField } from "../ui/field.tsx";

interface CodeFieldProps {
  error?: string | undefined;
  autoFocus?: boolean;
  /** Where a recovery code opens nothing. */
  digitsOnly?: boolean;
}

/** Six digits from an authenticator app, or a recovery code. Telephones offer the digits by themselves. */
export function CodeField({ error, autoFocus, digitsOnly }: CodeFieldProps) {
  return (
    <TextField
      label="Code"
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      inputMode={digitsOnly ? "numeric" : "text"}
      hint={digitsOnly ? "Six digits, which change every half minute." : "Six digits, or one of your recovery codes."}
      required
      autoFocus={autoFocus}
      error={error}
    />
  );
}
