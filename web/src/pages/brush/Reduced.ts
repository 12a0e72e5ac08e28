/** Halved as often as it makes sense: less than this on the longer side costs nothing to draw. */
const SMALL = 1024;

/**
 * A picture at half its size, a quarter and so on: one of 4096 pixels is not read whole for every
 * frame in which it is moved.
 */
export class Reduced {
  private readonly levels: CanvasImageSource[];

  constructor(private readonly picture: HTMLImageElement) {
    this.levels = [picture];
  }

  /** The smallest that is still as fine as what is shown at this scale. */
  for(scale: number): CanvasImageSource {
    const longer = Math.max(this.picture.naturalWidth, this.picture.naturalHeight);
    let level = 0;
    while (scale * 2 ** (level + 1) <= 1 && longer / 2 ** (level + 1) >= SMALL) level++;
    while (this.levels.length <= level) this.halve();
    return this.levels[level] as CanvasImageSource;
  }

  private halve(): void {
    const share = 2 ** this.levels.length;
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(this.picture.naturalWidth / share);
    canvas.height = Math.ceil(this.picture.naturalHeight / share);
    const pen = canvas.getContext("2d");
    if (pen) pen.imageSmoothingQuality = "high";
    pen?.drawImage(this.levels.at(-1) ?? this.picture, 0, 0, canvas.width, canvas.height);
    this.levels.push(canvas);
  }
}
