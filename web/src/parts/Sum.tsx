import type { ReactNode } from "react";

interface Props {
  name: string;
  value: ReactNode;
  /** What else there is to say of it, in small. */
  about?: ReactNode;
}

/** One figure with its name, in a list of them. */
export function Sum({ name, value, about }: Props) {
  return (
    <div className="card sum">
      <dt>{name}</dt>
      <dd>{value}</dd>
      {about && <dd className="sum-about">{about}</dd>}
    </div>
  );
}
