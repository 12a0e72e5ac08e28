/** From a draft to what goes over the wire, and to programs that send the same. */

import type { Json, Params } from "../api/types";
import { base64, type Files, isToken } from "./media";

/**
 * The parameters with every token replaced by what it stands for: the base64 of a file that is
 * here, or the link to one that the server has.
 *
 * @param copies whether typed URLs are replaced, too, where the server has fetched them.
 */
export async function resolve(params: Params, files: Files, copies = false): Promise<Params> {
  const walk = async (value: Json): Promise<Json> => {
    const held = typeof value === "string" ? files[value] : undefined;
    if (held && (copies || isToken(value))) {
      return held.blob ? base64(held.blob) : (held.link?.url ?? value);
    }
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (value && typeof value === "object") {
      const entries = Object.entries(value).map(async ([k, v]) => [k, await walk(v)] as const);
      return Object.fromEntries(await Promise.all(entries));
    }
    return value;
  };
  return (await walk(params)) as Params;
}

export function bodyOf(model: string, params: Params) {
  return { model, input: [{ params }] };
}

/** A shell command. The body goes through standard input: arguments may not be megabytes. */
export function curlOf(endpoint: string, key: string, body: unknown): string {
  return [
    `KIRIN_API_KEY='${key}'`,
    `curl --silent --show-error '${endpoint}' \\`,
    `  --header "Authorization: Bearer $KIRIN_API_KEY" \\`,
    `  --header 'Content-Type: application/json' \\`,
    `  --data-binary @- <<'JSON'`,
    JSON.stringify(body, null, 2),
    "JSON",
    "",
  ].join("\n");
}

/** A program for any Python 3, with nothing to install. JSON stays JSON in a raw string. */
export function pythonOf(endpoint: string, key: string, body: unknown): string {
  const task = endpoint.replace(/\/generation$/, "/generation/task/");
  // A JSON text has no control characters; three quotes in a row can only come from prompts.
  const json = JSON.stringify(body, null, 2).replaceAll("'''", "''\\u0027");
  return `import json
import time
import urllib.error
import urllib.request

KEY = "${key}"
BODY = json.loads(r'''${json}''')


def call(url, body=None):
    request = urllib.request.Request(
        url,
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(error.read().decode()) from None


task = call("${endpoint}", BODY)
while task["status"] not in ("completed", "failed"):
    time.sleep(2)
    task = call("${task}" + task["id"])
print(json.dumps(task, indent=2))
`;
}

/** A program for Node 18 and for the consoles of browsers, as a module or not. */
export function javascriptOf(endpoint: string, key: string, body: unknown): string {
  const task = endpoint.replace(/\/generation$/, "/generation/task/");
  return `const KEY = "${key}";
const BODY = ${JSON.stringify(body, null, 2)};

async function call(url, body) {
  const answer = await fetch(url, {
    method: body ? "POST" : "GET",
    headers: { Authorization: "Bearer " + KEY, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function main() {
  let task = await call("${endpoint}", BODY);
  while (!["completed", "failed"].includes(task.status)) {
    await new Promise((wake) => setTimeout(wake, 2000));
    task = await call("${task}" + task.id);
  }
  console.log(JSON.stringify(task, null, 2));
}

main();
`;
}
