import mark from "../kirin.svg";

export function Logo() {
  return (
    <span className="logo">
      <img src={mark} alt="" width={28} height={28} />
      Kirin
    </span>
  );
}
