/** Chinese for the gallery. */
export const zhGallery: Record<string, string> = {
  Search: "搜索",
  "Words of a prompt, or an id": "提示词中的字词，或任务编号",
  Favourite: "收藏",
  Favourites: "收藏",
  "Add to the favourites": "加入收藏",
  "Take from the favourites": "取消收藏",
  "No favourites any more": "取消收藏",
  "No favourite is like that. The star on a video makes it one.":
    "没有符合条件的收藏。点击视频上的星标即可收藏。",
  "Select all": "全选",
  "Cancel {n}": "取消 {n} 个",
  "Cancel this task?": "取消此任务？",
  "Cancel {n} tasks?": "取消 {n} 个任务？",
  "Cancel them": "确认取消",
  "What they have rendered so far is lost. They cost nothing.":
    "已渲染的部分将丢失，不会产生费用。",
  "Zip of {n}": "打包下载 {n} 个",
  Zip: "打包下载",
  "At most {n} videos at a time.": "每次最多 {n} 个视频。",
  "Side by side": "并排对比",
  "Choose two videos.": "请选择两个视频。",
  "One of the two has no video.": "其中一个任务没有视频。",
  "seed {n}": "种子 {n}",
  "Position in both videos": "两个视频的播放位置",
  "Video of task {id}": "任务 {id} 的视频",
};
