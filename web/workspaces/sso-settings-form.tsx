import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { type ApiProblem, fieldError } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { Connection } from "../../workers/workspaces/sso-contract.ts";
import { Button } from "../ui/button.tsx";
import { SelectField, TextArea, TextField } from "../ui/field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { roleHints, roleNames } from "./role-names.ts";

interface FieldsProps {
  connection: Connection;
  problem: ApiProblem | null;
}

const fields = {
  oidc: ["issuer", "client_id", "client_secret"],
  saml: ["metadata", "entity_id", "sso_url", "certificates"],
} as const;

/** Certificates that stand one below the other. */
const certificatesIn = (text: string) =>
  text
    .split(/(?<=-----END CERTIFICATE-----)/)
    .map((each) => each.trim())
    .filter(Boolean);

/** What the form holds and has to be sent: an empty field stays as it is. */
function changesIn(form: FormData): Record<string, unknown> {
  const filled = [...form].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value);
  return Object.fromEntries(
    filled.map(([name, value]) => [name, name === "certificates" ? certificatesIn(value) : value]),
  );
}

/** A provider's settings, with the name and the role that newcomers get. */
export function SsoSettingsForm({ connection, path }: { connection: Connection; path: string }) {
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt } = useAttempt();
  const [saved, setSaved] = useState(0);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const json = changesIn(new FormData(event.currentTarget));
    const isDone = await attempt(() => callApi(path, { method: "PATCH", json }));
    await revalidate();
    if (isDone) setSaved((times) => times + 1);
  };
  const known = ["name", "default_role", ...fields[connection.kind]];
  const Fields = connection.kind === "oidc" ? OidcFields : SamlFields;
  return (
    // Made anew when it was saved: a secret is not left standing in it.
    <form key={saved} onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4">
      <Fields connection={connection} problem={problem} />
      <div className="flex flex-wrap items-start gap-4">
        <TextField
          label="Name"
          name="name"
          defaultValue={connection.name}
          maxLength={60}
          className="min-w-0 flex-1 basis-48 max-sm:basis-full"
          error={fieldError(problem, "name")}
        />
        <SelectField
          label="People become"
          name="default_role"
          defaultValue={connection.default_role}
          className="basis-40 max-sm:basis-full"
          options={(["member", "viewer"] as const).map((value) => ({ value, label: roleNames[value] }))}
          title={roleHints[connection.default_role]}
          error={fieldError(problem, "default_role")}
        />
      </div>
      <ProblemNotice problem={problem} fields={known} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={busy}>
          Save
        </Button>
        <p role="status" className="text-ink-soft text-sm">
          {saved > 0 && !busy && !problem ? "Saved." : ""}
        </p>
      </div>
    </form>
  );
}

function OidcFields({ connection, problem }: FieldsProps) {
  return (
    <>
      <TextField
        label="Issuer"
        name="issuer"
        type="url"
        placeholder="https://login.example.com"
        defaultValue={connection.issuer ?? ""}
        autoComplete="off"
        error={fieldError(problem, "issuer")}
      />
      <TextField
        label="Client ID"
        name="client_id"
        defaultValue={connection.client_id ?? ""}
        autoComplete="off"
        error={fieldError(problem, "client_id")}
      />
      <TextField
        label="Client secret"
        name="client_secret"
        type="password"
        placeholder={connection.has_secret ? "Stored. Leave empty to keep it." : ""}
        autoComplete="off"
        error={fieldError(problem, "client_secret")}
      />
    </>
  );
}

function SamlFields({ connection, problem }: FieldsProps) {
  const byHand = fields.saml.slice(1).some((name) => fieldError(problem, name));
  return (
    <>
      <TextArea
        label="Metadata"
        name="metadata"
        rows={3}
        placeholder="<EntityDescriptor …"
        hint={
          connection.ready
            ? "Paste it anew where the provider has changed."
            : "Paste the XML that your provider shows or offers to download."
        }
        className="[&_textarea]:max-h-60 [&_textarea]:font-mono [&_textarea]:text-[0.8125rem]"
        error={fieldError(problem, "metadata")}
      />
      <details open={byHand || undefined} className="group">
        <summary className="cursor-pointer text-ink-soft text-sm underline underline-offset-4 hover:text-ink">
          Or enter it by hand
        </summary>
        <div className="mt-4 flex flex-col gap-4">
          <TextField
            label="Entity ID of the provider"
            name="entity_id"
            autoComplete="off"
            error={fieldError(problem, "entity_id")}
          />
          <TextField
            label="Sign-on URL"
            name="sso_url"
            type="url"
            autoComplete="off"
            error={fieldError(problem, "sso_url")}
          />
          <TextArea
            label="Certificates"
            name="certificates"
            placeholder="-----BEGIN CERTIFICATE-----"
            hint="Of an RSA key. Several, one below the other, while the provider changes its key; these take the place of those before."
            className="[&_textarea]:max-h-60 [&_textarea]:font-mono [&_textarea]:text-[0.8125rem]"
            error={fieldError(problem, "certificates")}
          />
        </div>
      </details>
      {connection.ready && <Known connection={connection} />}
    </>
  );
}

/** What is set at present. */
function Known({ connection }: { connection: Connection }) {
  return (
    <dl className="flex flex-col gap-2 rounded-xl bg-sunken px-3.5 py-3 text-sm">
      <div>
        <dt className="text-ink-soft">Provider</dt>
        <dd className="break-all">{connection.entity_id}</dd>
      </div>
      <div>
        <dt className="text-ink-soft">Sign-on URL</dt>
        <dd className="break-all">{connection.sso_url}</dd>
      </div>
      {connection.certificates.map(({ fingerprint, expires_at }) => (
        <div key={fingerprint}>
          <dt className="text-ink-soft">Certificate, until {expires_at.slice(0, 10)}</dt>
          <dd className="break-all font-mono text-xs">{fingerprint}</dd>
        </div>
      ))}
    </dl>
  );
}
