import { CheckCircleIcon, TrashIcon } from "@primer/octicons-react";
import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { SsoDomain } from "../../workers/workspaces/sso-contract.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { CopyRow } from "./copy-row.tsx";

/** The domains of a way to sign in, with the record that proves each, and a form to add one. */
export function SsoDomains({ domains, path }: { domains: SsoDomain[]; path: string }) {
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt } = useAttempt();
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const json = { domain: String(new FormData(form).get("domain") ?? "") };
    if (await attempt(() => callApi(path, { method: "POST", json }))) form.reset();
    await revalidate();
  };
  const error = fieldError(problem, "domain");
  return (
    <div className="flex flex-col gap-3">
      {domains.length > 0 && (
        <ul aria-label="Domains" className="flex flex-col gap-3">
          {domains.map((domain) => (
            <DomainRow key={domain.id} domain={domain} path={`${path}/${domain.id}`} />
          ))}
        </ul>
      )}
      <form onSubmit={(event) => void add(event)} noValidate className="flex flex-wrap items-start gap-3">
        <TextField
          label="Domain"
          name="domain"
          placeholder="example.com"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="min-w-0 flex-1 basis-48 max-sm:basis-full"
          error={error}
        />
        <Button type="submit" busy={busy} className="h-11 max-sm:w-full sm:mt-[1.625rem]">
          Add domain
        </Button>
      </form>
      {problem && !error && <Notice tone="danger">{problem.detail}</Notice>}
    </div>
  );
}

function DomainRow({ domain: { domain, verified, record }, path }: { domain: SsoDomain; path: string }) {
  const { revalidate } = useRevalidator();
  const [asked, setAsked] = useState(false);
  const verifying = useAttempt();
  const removing = useAttempt();
  const verify = async () => {
    await verifying.attempt(() => callApi(`${path}/verification`, { method: "POST" }));
    await revalidate();
  };
  const remove = async () => {
    if (await removing.attempt(() => callApi(path, { method: "DELETE" }))) setAsked(false);
    await revalidate();
  };
  return (
    <li className="rounded-xl border border-line px-3.5 py-3 max-sm:px-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <p className="min-w-0 flex-1 basis-40 font-medium [overflow-wrap:anywhere]">{domain}</p>
        {verified ? (
          <Badge tone="good">
            <CheckCircleIcon size={12} /> Verified
          </Badge>
        ) : (
          <Badge tone="warn">Not verified</Badge>
        )}
        <IconButton label={`Remove ${domain}`} onClick={() => setAsked(true)}>
          <TrashIcon />
        </IconButton>
      </div>
      {!verified && (
        <div className="mt-2 flex flex-col gap-3">
          <div className="divide-y divide-line rounded-xl bg-sunken px-3.5 py-1">
            <CopyRow label="TXT record at" value={record.name} />
            <CopyRow label="Its value" value={record.value} />
          </div>
          {verifying.problem && <Notice tone="warn">{verifying.problem.detail}</Notice>}
          <div>
            <Button size="small" busy={verifying.busy} onClick={() => void verify()} aria-label={`Verify ${domain}`}>
              Verify
            </Button>
          </div>
        </div>
      )}
      <ConfirmDialog
        open={asked}
        onOpenChange={(next) => {
          removing.forget();
          setAsked(next);
        }}
        title={`Remove ${domain}?`}
        action="Remove"
        busy={removing.busy}
        error={removing.problem?.detail ?? null}
        onConfirm={() => void remove()}
      >
        <p>People with an address there do not sign in this way any more. To add it again takes another record.</p>
      </ConfirmDialog>
    </li>
  );
}
