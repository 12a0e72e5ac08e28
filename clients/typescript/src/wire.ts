/** What the types of the document become in this package. */

import type { components } from "./schema.js";

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A type with JSON where the document leaves a value open. */
export type Open<T> = unknown extends T
  ? Json
  : T extends object
    ? { [Name in keyof T]: Open<T[Name]> }
    : T;

/** Parameters of any model; what they are, the model's `spec` says. */
export type Params = Record<string, unknown>;

/** A request for any model, as the server takes it and `request` gives it back. */
export interface GenerationRequest {
  model: string;
  input: { params: { [name: string]: Json } }[];
}

type Described = components["schemas"]["GenerationRequest"];

/** Ids of the models that this version knows; a server may have others. */
export type ModelId = Described["model"];

/** What a model takes, for `satisfies` and for variables: `ParamsOf<"kirin_v1_6_t2v">`. */
export type ParamsOf<Id extends ModelId> = Extract<
  Described,
  { model: Id }
>["input"][number]["params"];
