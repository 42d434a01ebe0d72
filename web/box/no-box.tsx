import { ServerIcon } from "@primer/octicons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { useMay } from "../workspaces/use-may.ts";

const Code = ({ children }: { children: ReactNode }) => (
  <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-[0.8125rem] text-ink [overflow-wrap:anywhere]">
    {children}
  </code>
);

/** How a machine of one’s own is set up, for an installation that has none. */
export function NoBox({ found }: { found: string | null }) {
  const mayBring = useMay("provider_key.write");
  return (
    <div className="flex flex-col gap-5">
      {found && (
        <Notice tone="info">
          An Ollama was found at <Code>{found}</Code>. Start the installation with{" "}
          <Code>{`OLLAMA_BASE_URL=${found}`}</Code> to use it.
        </Notice>
      )}
      <EmptyState icon={<ServerIcon size={20} />} title="No machine of your own yet">
        <p>Answers can be written on a computer under your desk: no cloud reads along, and no token is paid for.</p>
        <ol className="mt-5 flex list-decimal flex-col gap-3 ps-5 text-start">
          <li>
            Install Ollama on the machine with the GPU: <Code>scripts/gpu-box</Code> does it, with a tunnel that needs
            no open port.
          </li>
          <li>
            Set <Code>OLLAMA_BASE_URL</Code> to its address, and <Code>CF_ACCESS_CLIENT_ID</Code> and{" "}
            <Code>CF_ACCESS_CLIENT_SECRET</Code> where Cloudflare Access guards it.
          </li>
          <li>Start the installation again, and fetch models here.</li>
        </ol>
        {mayBring && (
          <p className="mt-5">
            A machine for this workspace alone is entered on the page{" "}
            <Link to="/models" className="text-accent underline">
              Models
            </Link>
            , and nothing is started again.
          </p>
        )}
        <p className="mt-5">
          Step by step: <Code>docs/gpu-box.md</Code>.
        </p>
      </EmptyState>
    </div>
  );
}
