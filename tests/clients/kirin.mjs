// Our own client, as it is published, in Node.js.
import * as client from "../../clients/typescript/dist/index.js";
import { file, save } from "../../clients/typescript/dist/node.js";
import * as routes from "../../clients/typescript/dist/routes/index.js";
import * as admin from "../../clients/typescript/dist/routes/admin.js";
import { acts } from "./kirin_acts.mjs";

const given = JSON.parse(process.argv[2]);
const told = await acts(client, given);

const kirin = new client.Kirin({ baseUrl: given.base_url, apiKey: given.api_key });
told.upload_of_a_path = (await kirin.upload(await file(given.path))).width;
const link = await kirin.upload(await file(given.path));
told.saved = await save(kirin, link, given.target);

/** Stands for any argument, and for all options: each has a value. */
const any = new Proxy({}, { get: (_, name) => (name === "headers" ? undefined : 5) });

told.routes = [routes, admin].flatMap((room, index) =>
  Object.entries(room).map(([name, describe]) => {
    const { method, route, query, body, key, repeatable } = describe(
      ...Array.from({ length: describe.length }, (_, n) => (n ? { sample: 1 } : "x")),
      any,
    );
    return {
      name: index ? `admin.${name}` : name,
      method,
      route,
      query: Object.keys(query ?? {}),
      body: body && Object.keys(body),
      keyed: key !== undefined,
      repeatable: !!repeatable,
    };
  }),
);
console.log(JSON.stringify(told));
