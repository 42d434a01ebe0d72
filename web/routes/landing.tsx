export default function Landing() {
  return <h1>Understudy</h1>;
}
