/** What specs say of models and parameters. A new model speaks English until it is added here. */
export const zhModels: Record<string, string> = {
  "Makes a finished video 5 seconds longer: what was there stays as it is, and goes on from its last picture.":
    "将已完成的视频延长 5 秒：原有内容保持不变，并从最后一帧继续。",
  "Give the id of a completed task, and say what happens next. Extend the result again to go on, up to 3 minutes in all.":
    "提供已完成任务的编号，并说明接下来发生什么。可再次延长结果，总长最多 3 分钟。",
  "Video id": "视频任务编号",
  "The video to extend: the id of a completed task of the models that its limits list, its external_task_id or the jobId of its output. It lasts at most 175 seconds.":
    "要延长的视频：所列模型的已完成任务编号、其 external_task_id 或其输出的 jobId。最长 175 秒。",
  "What happens next and how the camera moves.": "接下来发生什么以及镜头如何运动。",
  "Makes a subject from pictures or a video, for other models to show.":
    "用图片或视频创建主体，供其他模型使用。",
  "Name and describe the subject, then give a frontal picture and one to three others, or one video of 3 to 8 seconds. The id in the result goes into element_list.":
    "为主体命名并描述，然后提供一张正面图和一至三张其他图片，或一段 3 至 8 秒的视频。结果中的编号用于 element_list。",
  "Element name": "主体名称",
  "What prompts may call it.": "提示词中对它的称呼。",
  "Element description": "主体描述",
  "What it is and looks like.": "它是什么、长什么样。",
  "Reference type": "参考类型",
  "What it is made from.": "由什么创建。",
  "Element image list": "主体图片",
  "Pictures of the subject, for image_refer.": "主体的图片，用于 image_refer。",
  "Frontal image": "正面图",
  "The subject from the front.": "主体的正面。",
  "Refer images": "参考图",
  "The subject from other sides.": "主体的其他角度。",
  "Image URL": "图片",
  "One of them.": "其中一张。",
  "Element video list": "主体视频",
  "A video of the subject, for video_refer.": "主体的视频，用于 video_refer。",
  "Refer videos": "参考视频",
  "Exactly one video.": "恰好一段视频。",
  "Video URL": "视频",
  "mp4 or mov by URL, 3 to 8 seconds, at most 100 MB.":
    "mp4 或 mov 的 URL，3 至 8 秒，不超过 100 MB。",
  "Tag list": "标签",
  "Tag id": "标签编号",
  "A tag.": "一个标签。",
  "Callback URL": "回调地址",
  "Receives a POST with the task at every change of its status or stage.":
    "任务状态每次变化时会收到 POST 通知。",
  "External task id": "外部任务编号",
  "A name of your own for the task, unique in your account; the task can be read by it too.":
    "您为任务取的名称，在账户内唯一，也可用它查询任务。",
  "element_image_list is required with reference_type image_refer":
    "reference_type 为 image_refer 时必须提供 element_image_list",
  "element_video_list is required with reference_type video_refer":
    "reference_type 为 video_refer 时必须提供 element_video_list",
  "element_image_list works only with reference_type image_refer":
    "element_image_list 仅适用于 reference_type image_refer",
  "element_video_list works only with reference_type video_refer":
    "element_video_list 仅适用于 reference_type video_refer",
  "Brings the subjects of one to four pictures together in one video.":
    "把一至四张图片中的主体放进同一个视频。",
  "Give each subject a picture of its own, cropped as it should appear, and say in the prompt what they do together.":
    "为每个主体提供一张裁剪好的图片，并在提示词中说明它们一起做什么。",
  "Image list": "图片列表",
  "Pictures of the subjects; they are not cropped here.": "主体的图片；这里不会裁剪。",
  Image: "图片",
  "One subject: JPEG or PNG, at most 10 MB, at least 300 pixels a side, no longer than 2.5 times its shorter side.":
    "一个主体：JPEG 或 PNG，不超过 10 MB，每边至少 300 像素，长边不超过短边的 2.5 倍。",
  Prompt: "提示词",
  "What the subjects do, where, and how the camera moves.":
    "主体做什么、在哪里，以及镜头如何运动。",
  "Negative prompt": "反向提示词",
  "What must not be seen in the video.": "视频中不应出现的内容。",
  Mode: "模式",
  "std makes a good video fast, pro a better one with more effort.":
    "std 速度快、质量好，pro 质量更高但更费时。",
  Duration: "时长",
  "Length of the video in seconds.": "视频时长（秒）。",
  "Aspect ratio": "宽高比",
  "Shape of the video, width to height.": "视频的宽高比。",
  "Watermark info": "水印",
  "Whether a second, watermarked file is made beside the clean one; marks of one's own are not supported. A list with one such object means the same.":
    "是否另外生成一个带水印的文件；不支持自定义水印。",
  Enabled: "启用",
  "true makes the second file.": "true 会生成第二个文件。",
  "Makes a video of 5 or 10 seconds from a prompt.": "根据提示词生成 5 或 10 秒的视频。",
  "Describe the scene, its light and weather, and how the camera moves. Choose aspect_ratio for where the video will be shown.":
    "描述场景、光线、天气以及镜头运动。按视频的展示场合选择 aspect_ratio。",
  "What the video shows and how the camera moves.": "视频的内容以及镜头如何运动。",
  "Cfg scale": "提示词强度",
  "How closely the video follows the prompt: 0 leaves the most freedom, 1 the least.":
    "视频遵循提示词的程度：0 最自由，1 最严格。",
  "Brings a picture to life for 5 or 10 seconds; in 5 seconds it can arrive at a second picture, or move painted parts of the first along drawn paths.":
    "让一张图片动起来，5 或 10 秒；5 秒时可过渡到第二张图片，或让涂抹的部分沿画出的路径运动。",
  "Give one picture and say how the camera or the scene moves. For a transition add image_tail; to move parts of the picture add dynamic_masks. Both need duration 5.":
    "提供一张图片，说明镜头或场景如何运动。需要过渡请添加 image_tail；需要移动局部请添加 dynamic_masks。两者都要求 duration 为 5。",
  "The picture that the video starts with: JPEG or PNG, at most 10 MB, at least 300 pixels a side, no longer than 2.5 times its shorter side.":
    "视频的首帧：JPEG 或 PNG，不超过 10 MB，每边至少 300 像素，长边不超过短边的 2.5 倍。",
  "Image tail": "尾帧",
  "The picture that the video ends with; any shape.": "视频的尾帧，任意宽高比。",
  "What happens and how the camera moves.": "发生什么以及镜头如何运动。",
  "Static mask": "静止蒙版",
  "What must not move: a mask of the picture's shape, white where it holds.":
    "不可移动的部分：与图片同形状的蒙版，白色处静止。",
  "Dynamic masks": "运动蒙版",
  "Parts of the picture to move, each along a path of its own.":
    "图片中要移动的部分，各沿自己的路径。",
  Mask: "蒙版",
  "A mask of the picture's shape, white where it moves.": "与图片同形状的蒙版，白色处移动。",
  Trajectories: "轨迹",
  "The path: points in the order in which they are passed, in pixels of the picture, counted from its bottom left corner.":
    "路径：按经过顺序排列的点，以图片像素计，原点在左下角。",
  "Pixels from the left edge.": "距左边的像素。",
  "Pixels from the bottom edge.": "距底边的像素。",
  "image_tail works only with duration 5": "image_tail 仅适用于 duration 5",
  "dynamic_masks and static_mask work only with duration 5":
    "dynamic_masks 和 static_mask 仅适用于 duration 5",
  "image_tail and masks exclude each other": "image_tail 与蒙版不能同时使用",
  "a mask has the shape of the image": "蒙版与图片形状一致",
  "all masks have one size in pixels": "所有蒙版像素尺寸相同",
  "the points of a path lie on the image": "路径上的点都在图片内",
  "Makes a video of 3 to 15 seconds from a first frame, a last frame or both, in one shot or up to six, with subjects of your own and sound.":
    "根据首帧、尾帧或两者生成 3 至 15 秒的视频，一至六个镜头，可加入自己的主体和声音。",
  "Give image, image_tail or both, and a prompt. For several shots set multi_shot true, shot_type customize, and multi_prompt with seconds that add up to duration. Subjects made with kirin_custom_elements are called <<<element_1>>> in prompts.":
    "提供 image、image_tail 或两者，以及 prompt。需要多个镜头时，将 multi_shot 设为 true、shot_type 设为 customize，并使 multi_prompt 各镜头秒数之和等于 duration。用 kirin_custom_elements 创建的主体在提示词中以 <<<element_1>>> 称呼。",
  "The picture that the video ends with; any shape. It may stand alone.":
    "视频的尾帧，任意宽高比，可单独提供。",
  "Multi shot": "多镜头",
  "Whether multi_prompt directs several shots, instead of prompt one.":
    "是否由 multi_prompt 描述多个镜头，而不是由 prompt 描述一个。",
  "Shot type": "镜头类型",
  "How the shots are chosen: customize takes those of multi_prompt.":
    "镜头的来源：customize 使用 multi_prompt 中的镜头。",
  "Multi prompt": "多镜头提示词",
  "The shots; they play in the order of their index.": "各镜头，按 index 顺序播放。",
  Index: "序号",
  "Place in the order.": "在顺序中的位置。",
  "Length of the shot in seconds.": "镜头时长（秒）。",
  "Element list": "主体列表",
  "Subjects that appear in the video.": "视频中出现的主体。",
  "Element id": "主体编号",
  "Id of a subject made with kirin_custom_elements.": "用 kirin_custom_elements 创建的主体编号。",
  Sound: "声音",
  "Whether the video gets a sound track.": "视频是否带有声音。",
  "image, image_tail or both are needed": "需要 image、image_tail 或两者",
  "prompt is required unless multi_shot is true": "除非 multi_shot 为 true，否则必须提供 prompt",
  "shot_type and multi_prompt are required when multi_shot is true":
    "multi_shot 为 true 时必须提供 shot_type 和 multi_prompt",
  "the seconds of the shots add up to duration": "各镜头秒数之和等于 duration",
  "every shot has an index of its own": "每个镜头的 index 互不相同",
  "a subject is named once": "每个主体只列一次",
  "shot_type and multi_prompt have no effect unless multi_shot is true":
    "除非 multi_shot 为 true，shot_type 和 multi_prompt 不起作用",
  "prompt has no effect when multi_shot is true": "multi_shot 为 true 时 prompt 不起作用",
  "Lets the character of a picture move as the person in a reference video does.":
    "让图片中的角色按参考视频中人物的动作运动。",
  "Give a picture of one character whose limbs can be seen, and a video of one person, uncut, with the same part of the body in view.":
    "提供一张能看到四肢的单个角色图片，以及一段单人、无剪辑、身体部位一致的视频。",
  "What else should be seen, and how the camera moves.": "还应出现什么，以及镜头如何运动。",
  "The character and its surroundings: JPEG or PNG by URL or base64, at most 10 MB, 300 to 65536 pixels a side, no longer than 2.5 times its shorter side.":
    "角色及其环境：JPEG 或 PNG，URL 或 base64，不超过 10 MB，每边 300 至 65536 像素，长边不超过短边的 2.5 倍。",
  "The movement: mp4 or mov by URL, at most 100 MB, sides of 340 to 3850 pixels, 3 seconds or longer.":
    "动作：mp4 或 mov 的 URL，不超过 100 MB，边长 340 至 3850 像素，至少 3 秒。",
  "A subject that takes the place of the picture's character.": "替代图片角色的主体。",
  "Id of a subject made from pictures.": "由图片创建的主体编号。",
  "Keep original sound": "保留原声",
  "Whether the video keeps the sound of the reference video.": "视频是否保留参考视频的声音。",
  "Character orientation": "角色朝向",
  "Whose facing the character keeps: that of its picture, or that of the person in the video.":
    "角色保持谁的朝向：图片中的，还是视频人物的。",
  "element_list works only with character_orientation video":
    "element_list 仅适用于 character_orientation video",
  "the reference video lasts at most 10 seconds with character_orientation image, 30 with video":
    "character_orientation 为 image 时参考视频最长 10 秒，为 video 时 30 秒",
  "<<<element_1>>> is the first subject of element_list, and so on":
    "<<<element_1>>> 指 element_list 中的第一个主体，依此类推",
  "Brings a picture to life for 5 or 10 seconds.": "让一张图片动起来，5 或 10 秒。",
  "Brings a picture to life for 5 or 10 seconds; with mode pro it can arrive at a second picture, and in 5 seconds move painted parts, or the camera by numbers.":
    "让一张图片动起来，5 或 10 秒；高画质下可过渡到第二张图片，5 秒时可移动涂抹的部分，或用数值控制镜头。",
  "Brings a picture to life for 5 or 10 seconds; with mode pro it can arrive at a second picture, or start from nothing but that.":
    "让一张图片动起来，5 或 10 秒；高画质下可过渡到第二张图片，或只用尾帧生成。",
  "Brings a picture to life for 5 or 10 seconds; with mode pro it can arrive at a second picture.":
    "让一张图片动起来，5 或 10 秒；高画质下可过渡到第二张图片。",
  "Brings a picture to life for 5 or 10 seconds; with mode pro it can have sound, or arrive at a second picture in silence.":
    "让一张图片动起来，5 或 10 秒；高画质下可带声音，或无声地过渡到第二张图片。",
  "Camera control": "镜头控制",
  Config: "配置",
  "Describe the scene, its light and weather. Say in the prompt how the camera moves, or in camera_control, which needs mode std and duration 5.":
    "描述场景、光线和天气。镜头运动可写在提示词中，或写在 camera_control 中（要求 mode 为 std、duration 为 5）。",
  "Element frontal image": "主体正面图",
  "Element refer list": "主体参考图",
  "Focal length; below 0 longer, so that less is in view.": "焦距；小于 0 时变长，视野变窄。",
  "Give a prompt. For several shots set multi_shot true, shot_type customize, and multi_prompt with seconds that add up to duration.":
    "提供 prompt。需要多个镜头时，将 multi_shot 设为 true、shot_type 设为 customize，并使 multi_prompt 各镜头秒数之和等于 duration。",
  "Give image, image_tail or both. image_tail, dynamic_masks and camera_control need mode pro and exclude each other; the last two also need duration 5.":
    "提供 image、image_tail 或两者。image_tail、dynamic_masks 和 camera_control 要求 mode 为 pro，且不能同时使用；后两者还要求 duration 为 5。",
  "Give image, or with mode pro image_tail or both, and say how the camera or the scene moves.":
    "提供 image；mode 为 pro 时也可提供 image_tail 或两者。说明镜头或场景如何运动。",
  "Give one picture and say how the camera or the scene moves.":
    "提供一张图片，说明镜头或场景如何运动。",
  "Give one picture and say how the camera or the scene moves. For a transition add image_tail, which needs mode pro.":
    "提供一张图片，说明镜头或场景如何运动。需要过渡请添加 image_tail，它要求 mode 为 pro。",
  "Give one picture and say how the camera or the scene moves. For a transition add image_tail, which needs mode pro. sound needs mode pro too, and no image_tail.":
    "提供一张图片，说明镜头或场景如何运动。需要过渡请添加 image_tail，它要求 mode 为 pro。sound 也要求 mode 为 pro，且不能有 image_tail。",
  Horizontal: "水平移动",
  "How the camera moves, instead of words for it in the prompt: along one axis by an amount, or in one of the combined moves that have a name.":
    "镜头如何运动，代替提示词中的描述：沿一个轴按数值运动，或使用一种有名称的组合运镜。",
  "Makes a video of 3 to 15 seconds from words, in one shot or up to six, with sound.":
    "根据文字生成 3 至 15 秒的视频，一至六个镜头，可带声音。",
  "Makes a video of 5 or 10 seconds from a prompt, with mode pro also its sound.":
    "根据提示词生成 5 或 10 秒的视频，高画质下可带声音。",
  "Makes a video of 5 or 10 seconds from a prompt; in 5 seconds the camera can move by numbers.":
    "根据提示词生成 5 或 10 秒的视频；5 秒时可用数值控制镜头。",
  Pan: "俯仰旋转",
  "Rise or sink; below 0 down.": "升降；小于 0 时向下。",
  Roll: "滚转",
  "Slide sideways; below 0 to the left.": "左右平移；小于 0 时向左。",
  "Tags of your own, or those of the family: o_101 trending meme, o_102 character, o_103 animal, o_104 prop, o_105 clothing, o_106 scene, o_107 effect, o_108 other.":
    "您自己的标签，或通用标签：o_101 热梗、o_102 人物、o_103 动物、o_104 道具、o_105 服饰、o_106 场景、o_107 特效、o_108 其他。",
  "The amount on one axis, from -10 to 10; all others are 0 or left out.":
    "一个轴上的数值，-10 至 10；其余为 0 或省略。",
  "The picture that the video ends with; like image, it is no longer than 2.5 times its shorter side.":
    "视频的尾帧；与 image 相同，长边不超过短边的 2.5 倍。",
  "The subject from other sides, beside element_frontal_image.":
    "主体的其他角度，与 element_frontal_image 一起提供。",
  "The subject from the front, where reference_type is left out.":
    "主体的正面，用于省略 reference_type 时。",
  Tilt: "左右旋转",
  "Turn about the line of sight; below 0 counter-clockwise.": "绕视线旋转；小于 0 时逆时针。",
  "Turn sideways; below 0 to the left.": "左右转动；小于 0 时向左。",
  "Turn up or down; below 0 down.": "上下转动；小于 0 时向下。",
  Type: "类型",
  Vertical: "垂直移动",
  "What happens in the shot.": "镜头中发生什么。",
  Zoom: "变焦",
  "camera_control excludes image_tail and masks": "camera_control 不能与 image_tail 或蒙版同时使用",
  "camera_control works only with duration 5": "camera_control 仅适用于 duration 5",
  "camera_control works only with mode pro": "camera_control 仅适用于 mode pro",
  "camera_control works only with mode std": "camera_control 仅适用于 mode std",
  "dynamic_masks and static_mask work only with mode pro":
    "dynamic_masks 和 static_mask 仅适用于 mode pro",
  "element_frontal_image and element_refer_list go together":
    "element_frontal_image 和 element_refer_list 必须一起提供",
  "element_frontal_image and element_refer_list stand for reference_type and its lists":
    "element_frontal_image 和 element_refer_list 代替 reference_type 及其列表",
  "image_tail works only with mode pro": "image_tail 仅适用于 mode pro",
  "image_tail works only with sound off": "image_tail 仅适用于 sound off",
  "reference_type, or element_frontal_image with element_refer_list, is needed":
    "需要 reference_type，或 element_frontal_image 与 element_refer_list",
  "simple moves along the one axis of config; other types are combined moves and have no config.":
    "simple 沿 config 中的一个轴运动；其他类型为组合运镜，没有 config。",
  "sound on works only with mode pro": "sound on 仅适用于 mode pro",
  "the parameters stand in data, all of them, or beside one another without it":
    "所有参数要么都放在 data 中，要么不使用 data 而并列放置",
  "type simple needs a config with exactly one axis that is not 0; other types have no config":
    "type 为 simple 时 config 中须恰有一个轴不为 0；其他类型没有 config",
  "Makes a video of 3 to 15 seconds from words, pictures, subjects and a video that is edited or whose camera is taken over, in one shot or up to six.":
    "根据文字、图片、主体和一段视频（对其编辑或借用其镜头运动）生成 3 至 15 秒的视频，单镜头或最多六个镜头。",
  "Call what you give in the prompt: <<<image_1>>>, <<<element_1>>>, <<<video_1>>>. Give aspect_ratio, or a first frame or a video, which have their own. A video with refer_type base is edited; with feature its camera and rhythm are taken.":
    "在提示词中引用所提供的内容：<<<image_1>>>、<<<element_1>>>、<<<video_1>>>。请提供 aspect_ratio，或自带画幅的首帧或视频。refer_type 为 base 的视频会被编辑；为 feature 时借用其镜头运动与节奏。",
  "Pictures, which prompts call <<<image_1>>>, <<<image_2>>> and so on.":
    "图片，在提示词中称为 <<<image_1>>>、<<<image_2>>>，依此类推。",
  "A picture: JPEG or PNG by URL or base64, at most 10 MB, at least 300 pixels a side, no longer than 2.5 times its shorter side.":
    "一张图片：JPEG 或 PNG 的 URL 或 base64，不超过 10 MB，每边至少 300 像素，长边不超过短边的 2.5 倍。",
  "Means the same as image_url.": "与 image_url 含义相同。",
  "The picture is what the video starts with, or ends with; without it, something that appears in the video.":
    "该图片是视频的首帧或尾帧；不填则为出现在视频中的内容。",
  "Video list": "视频列表",
  "A video to edit, or to take camera and rhythm from; prompts call it <<<video_1>>>.":
    "要编辑的视频，或借用其镜头运动与节奏的视频；在提示词中称为 <<<video_1>>>。",
  "The video: mp4 or mov by URL, at most 200 MB, 3 to 10 seconds, sides of 700 to 2160 pixels.":
    "视频：mp4 或 mov 的 URL，不超过 200 MB，3 至 10 秒，边长 700 至 2160 像素。",
  "Refer type": "参考方式",
  "base shows the video itself, edited as the prompt says; feature takes its camera and its rhythm over to a new one.":
    "base 按提示词编辑该视频本身；feature 把它的镜头运动与节奏用于新视频。",
  "Whether the new video has the sound of this one.": "新视频是否保留该视频的声音。",
  "Shape of the video, width to height. A first frame or a video to edit has its own; without a video to learn from either it must be said.":
    "视频的宽高比。首帧或要编辑的视频自带画幅；若也没有可借鉴的视频，则必须填写。",
  "a picture comes in image_url or in image": "图片填写在 image_url 或 image 中，二者选一",
  "a video has one first frame": "一个视频只有一个首帧",
  "a video has one end frame": "一个视频只有一个尾帧",
  "an end_frame needs a first_frame beside it": "使用 end_frame 时必须同时有 first_frame",
  "with an end_frame there are at most two pictures": "使用 end_frame 时最多两张图片",
  "pictures and subjects are at most 7 together": "图片与主体合计最多 7 个",
  "with a video pictures and subjects are at most 4 together": "有视频时图片与主体合计最多 4 个",
  "aspect_ratio is required without a first frame and without a video":
    "没有首帧也没有视频时必须提供 aspect_ratio",
  "a video to edit takes no first frame": "要编辑的视频不能带首帧",
  "a video to edit takes no end frame": "要编辑的视频不能带尾帧",
  "a video to learn from goes with a first frame, but with no end frame":
    "借用镜头的视频可以配首帧，但不能配尾帧",
  "with a video duration is at most 10": "有视频时 duration 最多为 10",
  "<<<image_1>>> is the first picture of image_list, and so on":
    "<<<image_1>>> 是 image_list 中的第一张图片，依此类推",
  "<<<video_1>>> is the video of video_list": "<<<video_1>>> 是 video_list 中的视频",
  "a video to edit is one shot": "编辑视频时只有一个镜头",
  "beside a video there is its own sound or none: keep_original_sound says which":
    "有视频时只能保留其原声或无声：由 keep_original_sound 决定",
  "aspect_ratio and duration have no effect where a video is edited: it has its own":
    "编辑视频时 aspect_ratio 和 duration 不起作用：以该视频为准",
  "aspect_ratio has no effect beside a first frame, which has its own":
    "有首帧时 aspect_ratio 不起作用：以首帧为准",
  "Makes a video of 3 to 10 seconds in one shot from words, pictures, subjects and a video that is edited or whose camera is taken over.":
    "根据文字、图片、主体和一段视频（对其编辑或借用其镜头运动）生成 3 至 10 秒的单镜头视频。",
  "As kirin_v3_omni_video, in one shot, without sound of its own and in mode pro unless std is asked for.":
    "与 kirin_v3_omni_video 相同，但为单镜头，自身不生成声音，未指定 std 时使用 pro 模式。",
  "Text to video": "文生视频",
  "Image to video": "图生视频",
  "Video to video": "视频生视频",
  "Face search": "人脸查找",
  "Lip sync": "对口型",
  Element: "主体",
  X: "X",
  Y: "Y",
  "Down back": "下移拉远",
  "Forward up": "推进上移",
  "Right turn forward": "右转推进",
  "Left turn forward": "左转推进",
  "First frame": "首帧",
  "End frame": "尾帧",
  "Finds the faces of people in a video, so that kirin_lipsync can make one speak.":
    "查找视频中的人脸，供 kirin_lipsync 让其中一张说话。",
  "Give video_id, a finished task of yours, or video_url. The text in the result is JSON with a session_id and face_data; both go into kirin_lipsync within 24 hours.":
    "提供 video_id（您已完成的任务）或 video_url。结果中的文本是包含 session_id 和 face_data 的 JSON，两者在 24 小时内可用于 kirin_lipsync。",
  "A finished task of yours whose video is looked at, by its id.":
    "要查找人脸的视频：您已完成的任务的编号。",
  "mp4 or mov by URL, 2 to 60 seconds, sides of 512 to 2160 pixels, at most 100 MB.":
    "mp4 或 mov 的 URL，2 至 60 秒，边长 512 至 2160 像素，不超过 100 MB。",
  "video_id or video_url is needed": "需要 video_id 或 video_url",
  "video_id and video_url exclude each other": "video_id 与 video_url 不能同时使用",
  "Makes a face of a video speak with a voice of yours; all else stays as it is.":
    "让视频中的一张脸用您提供的声音说话，其余保持不变。",
  "Look for faces with kirin_identify_face first. Its session_id and one of its face_ids go in here, with the voice and where in the video it begins. Times are milliseconds.":
    "请先用 kirin_identify_face 查找人脸，再在此填写它的 session_id 和其中一个 face_id，以及声音和它在视频中开始的位置。时间单位为毫秒。",
  "Session id": "会话编号",
  "The session in which kirin_identify_face found the face; good for 24 hours.":
    "kirin_identify_face 找到该人脸的会话，24 小时内有效。",
  "Face choose": "选择人脸",
  "The face that speaks, and its voice: exactly one.": "说话的人脸及其声音：恰好一个。",
  "Face id": "人脸编号",
  "The face, as face_data names it.": "face_data 中的人脸编号。",
  "Sound file": "声音文件",
  "The voice: mp3, wav or m4a, by URL or as base64; at most 5 MB, 2 to 60 seconds.":
    "声音：mp3、wav 或 m4a 的 URL 或 base64，不超过 5 MB，2 至 60 秒。",
  "Sound start time": "声音起点",
  "Milliseconds of the sound at which its used part begins.": "所用部分在声音中的起点（毫秒）。",
  "Sound end time": "声音终点",
  "Milliseconds of the sound at which its used part ends.": "所用部分在声音中的终点（毫秒）。",
  "Sound insert time": "插入时间",
  "Milliseconds of the video at which the voice begins.": "声音在视频中开始的时间（毫秒）。",
  "Sound volume": "声音音量",
  "Loudness of the voice; 1 leaves it as it is.": "声音的响度；1 表示不变。",
  "Original audio volume": "原声音量",
  "Loudness of the video's own sound meanwhile; 1 leaves it as it is. A silent video has none.":
    "此间视频原声的响度；1 表示不变。无声视频没有原声。",
  "the part of the sound that is used lies within it and lasts at least 2 seconds":
    "所用部分须在声音之内，且至少持续 2 秒",
};
