/** The wire, as far as the console reads it. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Params = { [name: string]: Json };

export type Status = "pending" | "processing" | "completed" | "failed";

export interface Content {
  type: "video" | "image" | "element";
  url?: string;
  element_id?: number;
  watermark?: boolean;
}

export interface Task {
  id: string;
  status: Status;
  model: string;
  created_at: number;
  updated_at: number;
  progress?: number;
  output?: { content: Content[]; jobId: string }[];
  usage?: { cost: string; discount: number };
  error?: { code: string; message: string };
  metadata: Record<string, Json>;
}

export interface Problem {
  param: string;
  code: string;
  message: string;
  rules?: string[];
}

export interface Constraints {
  enum?: string[];
  default?: Json;
  min?: number;
  max?: number;
  min_length?: number;
  max_length?: number;
  min_items?: number;
  max_items?: number;
}

export interface Limits {
  max_bytes?: number;
  min_side?: number;
  max_side?: number;
  max_aspect?: number;
  min_seconds?: number;
  max_seconds?: number;
  reference_types?: string[];
}

export interface Parameter {
  name: string;
  path: string;
  type: "string" | "number" | "integer" | "boolean" | "object" | "array";
  required: boolean;
  description: string;
  constraints: Constraints;
  example: Json;
  format?: "image" | "video" | "element" | "uri";
  limits?: Limits;
  children: Parameter[];
}

export interface Rule {
  message: string;
  rules: string[];
  kind: string;
  params?: string[];
  first?: string[];
  second?: string[];
  other?: string;
  equals?: Json;
  total?: string;
  seconds?: Record<string, number>;
}

export interface Spec {
  model_id: string;
  name: string;
  type: string;
  description: string;
  api: { endpoint: string; method: string; headers: Record<string, string> };
  parameters: Parameter[];
  rules: Rule[];
  failures: { code: string; reason: string }[];
  examples: Params[];
  agent_prompt: string;
}

export interface Subject {
  element_id: number;
  element_name: string;
  element_description: string;
  reference_type: string;
  tag_list: { tag_id: string }[];
  created_at: number;
  thumbnail_url?: string;
  cutout_url?: string | null;
  joints?: { x: number; y: number; visibility: number }[];
}
