import { ExportSection } from "../account/export-section.tsx";

export const meta = () => [{ title: "Your data · Understudy" }];

export default function AccountData() {
  return (
    <div className="flex flex-col gap-5">
      <ExportSection />
    </div>
  );
}
