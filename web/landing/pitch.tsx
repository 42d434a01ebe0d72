import { ButtonLink } from "../ui/button.tsx";

const steps = [
  {
    title: "Add what you know",
    text: "Drop in PDFs, Word files, Markdown, web pages or notes. You watch each one being read, and a file that cannot be read says why.",
  },
  {
    title: "Ask it anything",
    text: "It finds the passages that answer, writes from them, and puts a number behind each statement. A click on the number opens the page.",
  },
  {
    title: "Let others ask",
    text: "Keep it private, send a link, or make it public. You choose whether visitors see a quote or the whole document.",
  },
];

const promises = [
  {
    title: "No claim without its page",
    text: "If your documents do not say it, neither does your stand-in. It tells people that it found nothing.",
  },
  {
    title: "An answer is never lost",
    text: "Close the tab, lose the network, restart the server: what was said is stored, and the answer goes on.",
  },
  {
    title: "Your model, or none",
    text: "Use a cloud model, your own GPU, or the built-in reader, which quotes your documents without any model at all.",
  },
];

/** What the landing page says after it has shown. */
export function Pitch({ signedIn }: { signedIn: boolean }) {
  return (
    <>
      <section id="how" aria-labelledby="how-title" className="scroll-mt-14 border-line border-t bg-surface">
        <div className="mx-auto max-w-6xl px-4 py-16 sm:px-6 sm:py-24">
          <h2 id="how-title" className="display max-w-xl text-4xl sm:text-5xl">
            From a folder of documents to answers in a minute
          </h2>
          <ol className="mt-12 grid gap-x-10 gap-y-10 md:grid-cols-3">
            {steps.map(({ title, text }, at) => (
              <li key={title} className="border-accent border-t-2 pt-5">
                <span className="font-medium text-accent text-sm tabular-nums">{at + 1}</span>
                <h3 className="mt-1 font-semibold text-xl">{title}</h3>
                <p className="mt-2 text-ink-soft">{text}</p>
              </li>
            ))}
          </ol>
        </div>
      </section>
      <section aria-label="What you can rely on" className="border-line border-t">
        <div className="mx-auto grid max-w-6xl gap-x-10 gap-y-10 px-4 py-16 sm:px-6 sm:py-24 md:grid-cols-3">
          {promises.map(({ title, text }) => (
            <div key={title}>
              <h3 className="display text-2xl">{title}</h3>
              <p className="mt-3 text-ink-soft">{text}</p>
            </div>
          ))}
        </div>
      </section>
      {!signedIn && (
        <section aria-labelledby="start-title" className="px-4 pb-16 sm:px-6 sm:pb-24">
          <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-6 rounded-[1.5rem] bg-[light-dark(#0f5c4a,#17362e)] px-6 py-10 text-[light-dark(#fff,#e6f4ee)] sm:px-12 sm:py-14">
            <div>
              <h2 id="start-title" className="display text-3xl sm:text-4xl">
                Who answers when you are busy?
              </h2>
              <p className="mt-2 opacity-85">Make a stand-in from your first document now.</p>
            </div>
            <ButtonLink to="/sign-up" size="large" className="border-transparent! bg-canvas! text-ink!">
              Sign up
            </ButtonLink>
          </div>
        </section>
      )}
    </>
  );
}
