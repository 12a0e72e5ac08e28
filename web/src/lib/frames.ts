/** Single frames of a video, as pictures with its own pixels. */

/** What the name of a file calls a frame, and the moment of its middle, in seconds. */
export interface Frame {
  number: number;
  at: number;
}

/**
 * The frame that is seen at a moment.
 *
 * @param count frames of the video; 0 where nobody knows.
 */
export function frameAt(seconds: number, fps: number, count: number): Frame {
  // A hair more, because players stop a little before the frame that they show.
  return frameOf(Math.floor(seconds * fps + 0.01), fps, count);
}

/** The last frame: of as many as the server counts, or else of as many as fit into the length. */
export function lastFrame(length: number, fps: number, count: number): Frame {
  return frameOf((count || Math.round(length * fps)) - 1, fps, count);
}

/** A frame by its number, kept within the video. The middle of its time is surely that frame. */
export function frameOf(number: number, fps: number, count: number): Frame {
  const kept = Math.max(0, count ? Math.min(number, count - 1) : number);
  return { number: kept, at: (kept + 0.5) / fps };
}

/** What a player shows, as a lossless picture. */
export function pictureFrom(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("no picture came of the frame"))),
      "image/png",
    );
  });
}

/** The last frame of a video by its address; nobody sees the player that goes there. */
export async function lastPicture(url: string, fps: number, count: number): Promise<Blob> {
  const video = document.createElement("video");
  video.muted = true;
  video.preload = "auto";
  try {
    await happens(video, "loadeddata", () => {
      video.src = url;
    });
    await happens(video, "seeked", () => {
      video.currentTime = lastFrame(video.duration, fps, count).at;
    });
    return await pictureFrom(video);
  } finally {
    // Gives the decoder back, of which browsers have few.
    video.removeAttribute("src");
    video.load();
  }
}

function happens(video: HTMLVideoElement, event: string, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true });
    video.addEventListener("error", () => reject(new TypeError("the video did not load")), {
      once: true,
    });
    begin();
  });
}
