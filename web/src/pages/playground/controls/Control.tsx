import { useForm } from "../FormContext";
import { ChoiceControl } from "./ChoiceControl";
import { FlagControl } from "./FlagControl";
import { GroupControl } from "./GroupControl";
import { ListControl } from "./ListControl";
import { MasksField } from "./MasksField";
import { MediumField } from "./medium/MediumField";
import { NumberControl } from "./NumberControl";
import type { ControlProps } from "./props";
import { ShotsField } from "./ShotsField";
import { SubjectsField } from "./SubjectsField";
import { TextControl } from "./TextControl";

/** The control that fits a parameter, chosen by what the spec says of it and nothing else. */
export function Control(props: ControlProps) {
  const { parameter, path } = props;
  const { rules } = useForm().spec;
  const about = (kind: string) =>
    rules.some((rule) => rule.kind === kind && rule.params?.[0]?.startsWith(`${path}[]`));
  if (parameter.format === "image" || parameter.format === "video")
    return <MediumField {...props} />;
  if (about("points_inside")) return <MasksField {...props} />;
  if (about("adds_up")) return <ShotsField {...props} />;
  if (parameter.children.length === 1 && parameter.children[0]?.format === "element")
    return <SubjectsField {...props} />;
  if (parameter.type === "boolean") return <FlagControl {...props} />;
  if (parameter.type === "object") return <GroupControl {...props} control={Control} />;
  if (parameter.type === "array") return <ListControl {...props} control={Control} />;
  if (parameter.constraints.enum) return <ChoiceControl {...props} />;
  if (parameter.type === "string") return <TextControl {...props} />;
  return <NumberControl {...props} />;
}
