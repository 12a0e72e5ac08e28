import { expect, test } from "vitest";
import { clock } from "./clock";

test("minutes, seconds and tenths, which never run ahead", () => {
  expect(clock(0)).toBe("0:00.0");
  expect(clock(2.46)).toBe("0:02.4");
  expect(clock(5.1)).toBe("0:05.1");
  expect(clock(59.99)).toBe("0:59.9");
  expect(clock(175)).toBe("2:55.0");
});
