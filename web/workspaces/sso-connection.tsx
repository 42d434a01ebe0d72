import { ChevronDownIcon, TrashIcon } from "@primer/octicons-react";
import { type ReactNode, useState } from "react";
import { useRevalidator } from "react-router";
import { callApi } from "../../client/call-api.ts";
import type { Connection } from "../../workers/workspaces/sso-contract.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { useAttempt } from "../use-attempt.ts";
import { CopyRow } from "./copy-row.tsx";
import { SsoDomains } from "./sso-domains.tsx";
import { SsoSettingsForm } from "./sso-settings-form.tsx";
import { kindNames, stateOf } from "./sso-words.ts";

interface SsoConnectionProps {
  connection: Connection;
  /** Its path in the API. */
  path: string;
  /** Whether it was just made, and is to be filled in. */
  isNew: boolean;
}

/** One way to sign in, as a card that opens. */
export function SsoConnection({ connection, path, isNew }: SsoConnectionProps) {
  const [isOpen, setOpen] = useState(isNew);
  const state = stateOf(connection);
  return (
    <article aria-label={connection.name} className="rounded-xl border border-line">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-xl px-4 py-3 text-start hover:bg-hover"
        >
          <span className="min-w-0 flex-1 basis-40 font-medium [overflow-wrap:anywhere]">{connection.name}</span>
          <span className="flex flex-wrap gap-2 max-sm:order-last max-sm:basis-full">
            <Badge>{kindNames[connection.kind]}</Badge>
            <Badge tone={state.tone}>{state.label}</Badge>
          </span>
          <ChevronDownIcon className={cx("text-ink-faint transition-transform", isOpen && "rotate-180")} />
        </button>
      </h3>
      {isOpen && (
        <div className="flex flex-col gap-7 border-line border-t px-4 py-5 max-sm:px-3">
          <Step title="1. At your provider" lead={entered[connection.kind]}>
            <Service connection={connection} />
          </Step>
          <Step title="2. Your provider’s settings" lead="Its people become what you choose here, the first time.">
            <SsoSettingsForm connection={connection} path={path} />
          </Step>
          <Step
            title="3. Domains"
            lead="Only people whose address is in a verified domain are signed in. Prove that it is yours by a record in its DNS."
          >
            <SsoDomains domains={connection.domains} path={`${path}/domains`} />
          </Step>
          <Remove connection={connection} path={path} />
        </div>
      )}
    </article>
  );
}

const entered: Record<Connection["kind"], string> = {
  oidc: "Register Understudy as a web application, with this address to come back to.",
  saml: "Register Understudy as a service provider. The entity ID is also the address of its metadata.",
};

function Step({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <div>
      <h4 className="font-semibold">{title}</h4>
      <p className="mt-0.5 mb-3 text-ink-soft text-sm">{lead}</p>
      {children}
    </div>
  );
}

function Service({ connection: { service } }: { connection: Connection }) {
  const rows = [
    ["Callback URL", service.callback_url],
    ["Entity ID", service.entity_id],
    ["ACS URL", service.acs_url],
    ["Link that begins a sign-in", service.sign_in_url],
  ] as const;
  return (
    <div className="divide-y divide-line rounded-xl bg-sunken px-3.5 py-1">
      {rows.map(([label, value]) => value && <CopyRow key={label} label={label} value={value} />)}
    </div>
  );
}

function Remove({ connection, path }: Pick<SsoConnectionProps, "connection" | "path">) {
  const { revalidate } = useRevalidator();
  const [open, setOpen] = useState(false);
  const { busy, problem, attempt, forget } = useAttempt();
  const remove = async () => {
    if (await attempt(() => callApi(path, { method: "DELETE" }))) setOpen(false);
    await revalidate();
  };
  return (
    <div>
      <Button look="danger" size="small" onClick={() => setOpen(true)}>
        <TrashIcon /> End this single sign-on
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          forget();
          setOpen(next);
        }}
        title={`End single sign-on by “${connection.name}”?`}
        action="End it"
        busy={busy}
        error={problem?.detail ?? null}
        onConfirm={() => void remove()}
      >
        <p>
          Nobody signs in by it any more, and its domains are free. People keep their accounts and their place here; who
          has no password chooses one by “Forgot your password?”.
        </p>
      </ConfirmDialog>
    </div>
  );
}
