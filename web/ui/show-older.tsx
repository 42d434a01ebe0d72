import { Button } from "./button.tsx";

interface ShowOlderProps {
  older: { hasOlder: boolean; busy: boolean; problem: string | null; load: () => void };
  label: string;
}

/** The button beneath a list that has more. */
export function ShowOlder({ older: { hasOlder, busy, problem, load }, label }: ShowOlderProps) {
  if (!hasOlder) return null;
  return (
    <div className="flex flex-col items-center gap-1">
      <Button size="small" look="quiet" busy={busy} onClick={load}>
        {label}
      </Button>
      {problem && (
        <p role="alert" className="text-danger text-sm">
          {problem}
        </p>
      )}
    </div>
  );
}
