import { Button } from "../ui/button.tsx";
import { Section } from "./section.tsx";

/** Takes out everything that a person has; the browser keeps the file, also without script. */
export function ExportSection() {
  return (
    <Section
      title="Take out your data"
      lead="A ZIP of your profile, sessions, keys (without their secrets), conversations, clones, documents with their files, and what your activity log says."
    >
      <form method="post" action="/api/v1/me/export">
        <Button type="submit">Download your data</Button>
      </form>
    </Section>
  );
}
