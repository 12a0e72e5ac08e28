/** Methods of classes, made of the functions that describe requests. */

import { Core } from "./core.js";
import type { RawResponse, Request } from "./requests.js";

type Describe = (...given: never[]) => Request<unknown>;
type Listing = { readonly page: Describe; readonly items: string };

/** A method for each route, which gives its result. */
export type Bound<Routes> = {
  [Name in keyof Routes]: Routes[Name] extends (...given: infer Given) => Request<infer Result>
    ? (...given: Given) => Promise<Result>
    : never;
};

/** A method for each route, which gives its answer as it came. */
export type Raw<Routes> = {
  [Name in keyof Routes]: Routes[Name] extends (...given: infer Given) => Request<infer Result>
    ? (...given: Given) => Promise<RawResponse<Result>>
    : never;
};

/** A method for each listing, which goes through all its pages. */
export type Walked<Listings> = {
  [Name in keyof Listings]: Listings[Name] extends {
    page: (...given: infer Given) => Request<infer Page>;
    items: infer Items extends string;
  }
    ? Page extends { [Member in Items]: (infer Item)[] }
      ? (...given: Given) => AsyncGenerator<Item, void>
      : never
    : never;
};

/** A class of clients that have a method for each route and each listing. */
export function clientWith<Routes extends object, Listings extends object>(
  routes: Routes,
  listings: Listings,
): new (
  ...given: ConstructorParameters<typeof Core>
) => Core & Bound<Routes> & Walked<Listings> {
  class Client extends Core {}
  const methods: Record<string, unknown> = Client.prototype as never;
  for (const [name, describe] of entries<Describe>(routes)) {
    methods[name] = function (this: Core, ...given: never[]) {
      return this.run(describe(...given));
    };
  }
  for (const [name, { page, items }] of entries<Listing>(listings)) {
    methods[name] = function (this: Core, ...given: never[]) {
      return walk(this, page, items, given);
    };
  }
  return Client as never;
}

/** The methods of routes, which give answers as they came. */
export function rawOf<Routes extends object>(client: Core, routes: Routes): Raw<Routes> {
  const methods = entries<Describe>(routes).map(([name, describe]) => [
    name,
    (...given: never[]) => client.raw(describe(...given)),
  ]);
  return Object.fromEntries(methods);
}

function entries<Member>(found: object): [string, Member][] {
  return Object.entries(found);
}

/** Asks for each page when it is needed. */
async function* walk(
  client: Core,
  page: Describe,
  items: string,
  given: never[],
): AsyncGenerator<unknown, void> {
  // The options come last, and may be missing.
  const names = given.slice(0, page.length);
  let options: object = given[page.length] ?? {};
  for (;;) {
    const found = (await client.run(page(...names, options as never))) as Record<string, unknown>;
    yield* found[items] as unknown[];
    if (!found.next_cursor) return;
    options = { ...options, cursor: found.next_cursor };
  }
}
