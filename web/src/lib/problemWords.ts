/** The server's refusals in sentences of the page's language, from their codes and values. */

import { useCallback } from "react";
import type { Parameter, Params, Spec } from "../api/types";
import { type Translate, useWords } from "../i18n";
import { useDraft } from "./draft";
import { bytes, seconds } from "./media";
import { inPeoplesWords, labelOf, sayValue } from "./paramWords";
import { parameterAt, type Refused, valueAt } from "./problems";
import { characters } from "./rules";

export type { Refused } from "./problems";

/** Words for what the server refuses of the form around. */
export function useProblemWords(spec: Spec): (problem: Refused) => string {
  const { t } = useWords();
  const { params } = useDraft();
  return useCallback((problem) => wordsOf(problem, spec, params, t), [spec, params, t]);
}

export function wordsOf(problem: Refused, spec: Spec, params: Params, t: Translate): string {
  const { param, code, message } = problem;
  if (!param) return wordsForCode(code, t) ?? message;
  // A rule of the model has words of its own, which the catalogue tells and the page translates.
  const rule = spec.rules.find((each) => message.startsWith(each.message));
  if (rule) return inPeoplesWords(rule.message, spec, t);
  const parameter = parameterAt(spec, param);
  // What is no parameter has no words for its name.
  const name = code === "unknown_parameter" ? `“${param}”` : nameOf(param, t);
  const worded = parameter
    ? (valueWords(problem, parameter, params, name, t) ?? mediumWords(code, parameter, name, t))
    : undefined;
  return (
    worded ?? plainWords(code, name, t) ?? t("{name} was refused: {message}", { name, message })
  );
}

/** "image_list[1].image" as "Image (number 2)". */
function nameOf(path: string, t: Translate): string {
  const plain = path.replaceAll(/\[\d+\]/g, "[]");
  const last = plain.split(".").at(-1)?.replaceAll("[]", "") ?? path;
  const name = labelOf({ name: last, path: plain }, t);
  const place = [...path.matchAll(/\[(\d+)\]/g)].at(-1)?.[1];
  return place === undefined ? name : t("{name} (number {n})", { name, n: Number(place) + 1 });
}

/** What is wrong with a value by itself. */
function valueWords(
  { param, code }: Refused,
  parameter: Parameter,
  params: Params,
  name: string,
  t: Translate,
): string | undefined {
  const { max_length: most, enum: options, min, max } = parameter.constraints;
  const { min_items, max_items } = parameter.constraints;
  const value = valueAt(params, param);
  if (code === "too_long" && most && typeof value === "string")
    return t("{name} has {n} characters; at most {most} are allowed.", {
      name,
      n: characters(value),
      most,
    });
  if (code === "not_an_option" && options)
    return t("{name} takes {options}.", {
      name,
      options: options.map((each) => sayValue(parameter.name, each, t)).join(t(" or ")),
    });
  if (code === "out_of_range" && min !== undefined && max !== undefined)
    return t("{name} takes {min} to {max}.", { name, min, max });
  if (code === "wrong_type")
    return t("{name} takes {what}.", { name, what: typeWords(parameter.type, t) });
  if (code === "wrong_count" && max_items !== undefined)
    return t("{name} takes {min} to {max} entries.", { name, min: min_items ?? 0, max: max_items });
  return undefined;
}

function typeWords(type: string, t: Translate): string {
  const words: Record<string, string> = {
    string: t("a text"),
    number: t("a number"),
    integer: t("a whole number"),
    boolean: t("yes or no"),
    array: t("a list"),
    object: t("an object"),
  };
  return words[type] ?? type;
}

/** What is wrong with a picture, a video or a sound, by the limits of its parameter. */
function mediumWords(
  code: string,
  { limits = {} }: Parameter,
  name: string,
  t: Translate,
): string | undefined {
  const { min_side, max_side, max_bytes, max_aspect, min_seconds, max_seconds } = limits;
  if (code === "too_small" && min_side)
    return t("{name} is too small: each side must have at least {least} pixels.", {
      name,
      least: min_side,
    });
  if (code === "too_large" && max_side)
    return t("{name} is too large: a side may have at most {most} pixels.", {
      name,
      most: max_side,
    });
  if (code === "too_many_bytes" && max_bytes)
    return t("{name} is a file of more than {most}.", { name, most: bytes(max_bytes) });
  if (code === "wrong_aspect" && max_aspect)
    return t("{name} is too long for its width: {most} times at most.", { name, most: max_aspect });
  if (code === "too_short" && min_seconds)
    return t("{name} is too short: at least {least}.", { name, least: seconds(min_seconds) });
  if (code === "too_long" && max_seconds)
    return t("{name} is too long: at most {most}.", { name, most: seconds(max_seconds) });
  return undefined;
}

/** What needs no value to be said. */
function plainWords(code: string, name: string, t: Translate): string | undefined {
  const words: Record<string, string> = {
    required: t("{name} is missing.", { name }),
    too_short: t("{name} is empty.", { name }),
    empty: t("{name} is empty.", { name }),
    unknown_parameter: t("{name} is not a parameter of this model.", { name }),
    unknown_element: t("{name} names a subject that is not there, or not any more.", { name }),
    unknown_subject: t("{name} speaks of a subject that the list does not have.", { name }),
    unknown_task: t("{name} names a task that is not there, or not any more.", { name }),
    unknown_session: t("{name} names a search for faces that has ended: search again.", { name }),
    unknown_face: t("{name} names a face that was not found in the video.", { name }),
    not_fetched: t("{name} could not be fetched from its address.", { name }),
    not_a_url: t("{name} must be an http or https URL.", { name }),
    malformed_url: t("{name} must be an http or https URL.", { name }),
    not_public: t("{name} must be an address that the whole Internet can reach.", { name }),
    not_an_image: t("{name} is not a picture that can be read.", { name }),
    broken_image: t("{name} is damaged and cannot be read.", { name }),
    not_a_video: t("{name} is not a video that can be read.", { name }),
    broken_video: t("{name} is damaged and cannot be read.", { name }),
    unreadable_video: t("{name} is damaged and cannot be read.", { name }),
    not_a_sound: t("{name} is not a sound that can be read.", { name }),
    broken_sound: t("{name} is damaged and cannot be read.", { name }),
    unreadable_sound: t("{name} is damaged and cannot be read.", { name }),
    repeated: t("{name} is there twice.", { name }),
    invalid_text: t("{name} has characters that cannot be used.", { name }),
  };
  return words[code];
}

/** What an error of the server says, whatever was asked for; nothing where only it can tell. */
export function wordsForCode(code: string, t: Translate): string | undefined {
  const words: Record<string, string> = {
    internal_error: t("The server failed. Try again; if it goes on, tell whoever runs it."),
    invalid_api_key: t("This API key is not valid."),
    scope_missing: t("This API key may not do that: use one that has the scope for it."),
    insufficient_balance: t("The balance of this account is too low for that."),
    unknown_task: t("There is no such task in this account."),
    unknown_webhook: t("There is no such webhook in this account."),
    unknown_element: t("There is no such subject in this account."),
    unknown_account: t("There is no such account."),
    unknown_key: t("There is no such key in use."),
    unknown_model: t("There is no such model."),
    external_task_id_used: t("Another task of this account has that id already."),
    already_there: t("Something of that name is there already."),
    task_finished: t("The task has ended already."),
    task_not_waiting: t("The task does not wait any more: a worker has it, or it has ended."),
    unknown_worker: t("This worker is gone."),
    unknown_queue: t("There is no such queue any more."),
    task_unfinished: t("The task has not ended yet: cancel it first."),
    body_too_large: t("That is more than the server takes at once."),
    too_many_uploads: t("Too many files are sent at once: wait for the others."),
    too_many_waiting: t("Too many requests wait already: try again in a moment."),
    limit_reached: t("A limit of this account is reached: try again in a while."),
    shutting_down: t("The server is being restarted: try again in a moment."),
    database_away: t("The server cannot reach its database: try again in a moment."),
    storage_away: t("The server's storage is full or away: try again later."),
    request_timeout: t("It was not sent in time: try again."),
  };
  return words[code];
}
