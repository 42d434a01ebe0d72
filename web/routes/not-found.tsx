import { data } from "react-router";

/** Every address that is not a page: the error page tells it in plain words. */
export function loader() {
  throw data(null, { status: 404 });
}

export default function NotFound() {
  return null;
}
