import type { Parameter } from "../../../api/types";
import { kindOf } from "../../../lib/media";
import { useForm } from "../FormContext";
import { CameraField } from "./CameraField";
import { ChoiceControl } from "./ChoiceControl";
import { FlagControl } from "./FlagControl";
import { GroupControl } from "./GroupControl";
import { ListControl } from "./ListControl";
import { MasksField } from "./MasksField";
import { MediumField } from "./medium/MediumField";
import { NumberControl } from "./NumberControl";
import { PicturesField } from "./PicturesField";
import type { ControlProps } from "./props";
import { SessionField } from "./SessionField";
import { ShotsField } from "./ShotsField";
import { SingleControl } from "./SingleControl";
import { SpeechField } from "./SpeechField";
import { SubjectsField } from "./SubjectsField";
import { TextControl } from "./TextControl";
import { VideosField } from "./VideosField";

/** The control that fits a parameter, chosen by what the spec says of it and nothing else. */
export function Control(props: ControlProps) {
  const { parameter, path } = props;
  const { rules } = useForm().spec;
  const about = (kind: string) =>
    rules.some((rule) => rule.kind === kind && rule.params?.[0]?.startsWith(`${path}[]`));
  if (kindOf(parameter.format)) return <MediumField {...props} />;
  if (parameter.format === "task") return <VideosField {...props} />;
  if (parameter.format === "face_session") return <SessionField {...props} />;
  if (rules.some((rule) => rule.kind === "one_axis" && rule.params?.includes(path)))
    return <CameraField {...props} />;
  if (about("voice_length")) return <SpeechField {...props} control={Control} />;
  if (about("one_of_fields")) return <PicturesField {...props} />;
  if (about("points_inside")) return <MasksField {...props} />;
  if (about("adds_up")) return <ShotsField {...props} />;
  if (parameter.children.length === 1 && parameter.children[0]?.format === "element")
    return <SubjectsField {...props} />;
  if (parameter.type === "boolean") return <FlagControl {...props} />;
  if (parameter.type === "object") return <GroupControl {...props} control={Control} />;
  if (parameter.type === "array" && parameter.constraints.max_items === 1 && !inRow(parameter))
    return <SingleControl {...props} control={Control} />;
  if (parameter.type === "array") return <ListControl {...props} control={Control} />;
  if (parameter.constraints.enum) return <ChoiceControl {...props} />;
  if (parameter.type === "string") return <TextControl {...props} />;
  return <NumberControl {...props} />;
}

/** Whether its entries are pictures or videos and nothing else, which stand in a row. */
function inRow(parameter: Parameter): boolean {
  return parameter.children.length === 1 && kindOf(parameter.children[0]?.format) !== undefined;
}
