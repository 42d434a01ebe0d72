import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import { Button } from "../ui/button.tsx";
import { CheckboxField, SelectField, TextField } from "../ui/field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { broughtProviders } from "./provider-names.ts";

const ownServer = "openai-compatible";
const choices = [
  ...Object.entries(broughtProviders).map(([value, label]) => ({ value, label })),
  { value: ownServer, label: "OpenAI-compatible server" },
];
const boxFields = ["base_url", "access_client_id", "access_client_secret", "own"];
const keyFields = ["base_url", "key"];

/** What was entered, for the name that it is entered for. */
function sentBy(form: FormData): { name: string; json: Record<string, unknown> } {
  const { choice, name, own, ...texts } = Object.fromEntries(
    [...form].map(([key, value]) => [key, String(value).trim()]),
  );
  // What has no usual address needs one: the API says so of one that is empty.
  const needsAddress = choice === ownServer || choice === "ollama";
  const filled = Object.fromEntries(
    Object.entries(texts).filter(([key, value]) => value || (key === "base_url" && needsAddress)),
  );
  if (choice === ownServer) return { name: name ?? "", json: { ...filled, kind: ownServer } };
  return { name: choice ?? "", json: { ...filled, ...(own ? { own: true } : {}) } };
}

/** Brings a key, an endpoint or a server, in the place of what was there. */
export function ConnectionForm() {
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt, forget } = useAttempt();
  const [choice, setChoice] = useState("openai");
  const [saved, setSaved] = useState(0);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { name, json } = sentBy(new FormData(event.currentTarget));
    // A path needs something there: the API says what a name may be.
    const path = `/provider-keys/${encodeURIComponent(name || "-")}`;
    const isDone = await attempt(() => callApi(path, { method: "PUT", json }));
    if (isDone) setSaved((times) => times + 1);
    await revalidate();
  };
  const isBox = choice === "ollama";
  const shown = isBox ? boxFields : keyFields;
  return (
    // Made anew when it was saved: a secret is not left standing in it.
    <form key={saved} onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4">
      <SelectField
        label="Provider"
        name="choice"
        value={choice}
        onChange={(event) => {
          forget();
          setChoice(event.target.value);
        }}
        options={choices}
      />
      {choice === ownServer && (
        <TextField
          label="Name"
          name="name"
          placeholder="lab"
          hint="Its models are called by it: lab/…"
          autoComplete="off"
          maxLength={31}
          error={fieldError(problem, "provider")}
        />
      )}
      <TextField
        label="Address"
        name="base_url"
        type="url"
        optional={!isBox && choice !== ownServer}
        placeholder={isBox ? "https://gpu.example.com" : "https://models.example.com/v1"}
        autoComplete="off"
        error={fieldError(problem, "base_url")}
      />
      {isBox ? (
        <BoxFields problem={problem} />
      ) : (
        <TextField
          label="Key"
          name="key"
          type="password"
          optional={choice === ownServer || choice === "openai"}
          autoComplete="off"
          // Where the address is missing, a key would not do.
          error={fieldError(problem, "base_url") ? undefined : fieldError(problem, "key")}
        />
      )}
      <ProblemNotice problem={problem} fields={choice === ownServer ? [...shown, "provider"] : shown} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={busy}>
          Check and save
        </Button>
        <p role="status" className="text-ink-soft text-sm">
          {saved > 0 && !busy && !problem ? "Saved. Its models can be chosen now." : ""}
        </p>
      </div>
    </form>
  );
}

function BoxFields({ problem }: { problem: ReturnType<typeof useAttempt>["problem"] }) {
  return (
    <>
      <TextField
        label="Access client ID"
        name="access_client_id"
        optional
        hint="Of the service token, where Cloudflare Access guards the tunnel."
        autoComplete="off"
        error={fieldError(problem, "access_client_id")}
      />
      <TextField
        label="Access client secret"
        name="access_client_secret"
        type="password"
        optional
        autoComplete="off"
        error={fieldError(problem, "access_client_secret")}
      />
      <CheckboxField
        name="own"
        label="This box is a machine of our own: what is bound to own machines may be sent there."
        error={fieldError(problem, "own")}
      />
    </>
  );
}
