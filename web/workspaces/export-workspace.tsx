import type { Workspace } from "../../workers/workspaces/contract.ts";
import { Button } from "../ui/button.tsx";
import { Section } from "./section.tsx";

/** Takes out everything that the workspace has; the browser keeps the file, also without script. */
export function ExportWorkspace({ workspace }: { workspace: Workspace }) {
  const whose =
    workspace.kind === "team"
      ? "every member’s conversations, shared or not, and those of visitors"
      : "all conversations, also those of visitors";
  return (
    <Section
      title="Take out everything"
      lead={`A ZIP of clones, documents with their files, people, keys (without their secrets), tests, the activity log, ${whose}. The log tells of it.`}
    >
      <form method="post" action={`/api/v1/workspaces/${workspace.id}/export`}>
        <Button type="submit">Download everything</Button>
      </form>
    </Section>
  );
}
