import { PasskeyFillIcon } from "@primer/octicons-react";
import { useCallback, useEffect, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import {
  type Chosen,
  choosePasskey,
  hasPasskeys,
  offerInField,
  passkeyProblem,
  signInWith,
} from "./passkey-ceremony.ts";

/**
 * Signs in with a passkey, by its button, or where the address is typed: the field for it needs `autoComplete="username webauthn"`.
 * `next` is the path of this site that the person wants to go to.
 */
export function PasskeySignIn({ next }: { next: string }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const enter = useCallback(
    async (choose: () => Promise<Chosen>) => {
      setBusy(true);
      setProblem(null);
      try {
        await signInWith(await choose());
        window.location.assign(next);
      } catch (error) {
        setProblem(passkeyProblem(error).detail);
        setBusy(false);
      }
    },
    [next],
  );
  useEffect(() => {
    if (!busy) return offerInField((chosen) => enter(async () => chosen));
  }, [busy, enter]);
  const ask = () => {
    if (hasPasskeys()) enter(choosePasskey);
    else setProblem("This browser has no passkeys. Use another one, or sign in another way.");
  };
  return (
    <>
      {problem && <Notice tone="danger">{problem}</Notice>}
      {/* Without script it can do nothing, but takes its place. */}
      <Button size="large" busy={busy} onClick={ask} className={hydrated ? "" : "invisible"}>
        {!busy && <PasskeyFillIcon />}
        Sign in with a passkey
      </Button>
    </>
  );
}
