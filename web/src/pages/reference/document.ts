/** The OpenAPI document, as far as these pages read it. */

import { useEffect, useState } from "react";
import type { Json } from "../../api/types";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: Json[];
  default?: Json;
  examples?: Json[];
  [name: string]: unknown;
}

export interface ApiParameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: Schema;
}

export interface Operation {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: ApiParameter[];
  requestBody?: {
    content: Record<string, { schema: Schema; examples?: Record<string, { value: Json }> }>;
  };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
}

export interface Document {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** What a document says of a status: of each code of its errors, or one line without a code. */
export function linesOf(description: string): [code: string, meaning: string][] {
  return description.split(/\n(?=`[^`]+`: )/).map((line) => {
    const [, code = "", meaning = line] = /^`([^`]+)`: (.*)$/s.exec(line) ?? [];
    return [code, meaning.replaceAll("\n", " ")];
  });
}

export function useDocument(): Document | undefined {
  const [document, setDocument] = useState<Document>();
  useEffect(() => {
    const stop = new AbortController();
    fetch("/openapi.json", { signal: stop.signal })
      .then((answer) => answer.json())
      .then(setDocument)
      .catch(() => undefined); // the page stays without it
    return () => stop.abort();
  }, []);
  return document;
}
