/** Chinese for the first page and the stage. */
export const zhWelcome: Record<string, string> = {
  "Begin with one of these": "从下面任选一个开始",
  "All were made here, without a network. Take one, change a word, and press Generate.":
    "全部由本产品离线生成。选一个，改几个字，然后点击“生成”。",
  "Make one like this": "照此制作",
  "This is what it made. Change what you like, then press Generate.":
    "这是生成的效果。按您的喜好修改，然后点击“生成”。",
  "From words": "文字生成",
  "From a photograph": "照片生成",
  "Two pictures": "两张图片",
  "A storyboard": "分镜",
  "The motion brush": "运动笔刷",
  "Penguins at dawn": "黎明的企鹅",
  "A rocket lifts off": "火箭升空",
  "Night falls on a city": "城市入夜",
  "Steam over a coffee": "咖啡上的热气",
  "A voyage in three shots": "三个镜头的航行",
  "Neon in the rain": "雨中霓虹",
  "Summer becomes winter": "夏去冬来",
  "Waves by a lighthouse": "灯塔边的海浪",
  "Reading the request and preparing the first shot": "正在读取请求并准备第一个镜头",
  "Drawing the frames": "正在绘制画面",
  "Finishing the file": "正在完成文件",
  "The video could not be made.": "视频未能生成。",
  "It costs nothing.": "不收费。",
  "Something broke while the video was made. Trying again may help.":
    "生成视频时出了问题，重试或许有用。",
  "The video was made elsewhere, and what came back cannot be used.":
    "视频在别处生成，但返回的结果无法使用。",
  "A picture or video could not be fetched from its address.": "无法从所给地址获取图片或视频。",
  "What became of the video elsewhere cannot be found out.": "无法得知视频在别处的生成状态。",
  "No video can be made from these pictures and settings as they are.":
    "以目前的图片和设置无法生成视频。",
  "No engine here has what this video needs.": "这里没有能生成此视频的引擎。",
  "no worker with the engine of this task is running: it waits until one starts":
    "没有可用此引擎的工作进程，任务会等到有进程启动。",
  // Prompts of the clips: the engine reads them as it reads the English ones.
  "Two penguins dance on the ice at dawn, static camera": "黎明时两只企鹅在冰面上跳舞，固定镜头",
  "The rocket lifts off in smoke": "火箭在烟雾中升空",
  "A city skyline, day turns to night and the lights go on": "城市天际线，白天变成夜晚，灯光亮起",
  "Steam rises from the cup, the camera pushes in slowly": "杯子里冒出热气，镜头缓慢推进",
  "A sailing boat on the sea at sunset": "日落时海上的一艘帆船",
  "A whale swims over a coral reef": "一头鲸鱼游过珊瑚礁",
  "A palm beach at sunset": "日落时的海滩和棕榈树",
  "The camera pushes in slowly": "镜头缓慢推进",
  "A woman with a red umbrella walks down a neon street in the rain at night":
    "雨夜，一位女子撑着红伞走在霓虹街道上",
  "The water flows, static camera": "水在流动，固定镜头",
  s: "秒",
  "Or take one of these": "或者用下面的一张",
  "Use the picture “{name}”": "使用图片“{name}”",
  "What is being drawn": "正在绘制的画面",
};
