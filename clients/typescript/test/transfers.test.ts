/** What is sent and fetched. */

import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionFailed, NotFound, picture, type Task, UnreadableAnswer } from "../src/index.js";
import { file, save } from "../src/node.js";
import { answer, connect, cut, refused, stream, type Told, task } from "./support.js";

const FILE = Uint8Array.from({ length: 10_240 }, (_, n) => n % 256);
const LINK = "http://kirin.test/files/video?signature=s";
const UPLOADED = { url: "http://kirin.test/files/u", type: "image", size: 3 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kirin-"));
});

async function bytesOf(request: Request): Promise<Uint8Array> {
  return new Uint8Array(await request.arrayBuffer());
}

describe("uploads", () => {
  it("take a file in any form, and send it again from its start", async () => {
    const path = join(folder, "a.png");
    await writeFile(path, FILE);
    const forms = [
      FILE,
      FILE.buffer,
      new DataView(FILE.buffer),
      new Blob([FILE]),
      await file(path),
    ];
    for (const form of forms) {
      const sent: Uint8Array[] = [];
      const hear =
        (told: Response): Told =>
        async (request) => {
          sent.push(await bytesOf(request));
          return told;
        };
      const { kirin, server } = connect([hear(refused(503)), hear(answer(UPLOADED))]);
      expect((await kirin.upload(form)).url).toBe(UPLOADED.url);
      expect(sent).toEqual([FILE, FILE]);
      expect(server.header("content-type")).toEqual(Array(2).fill("application/octet-stream"));
    }
  });

  it("send once what can be read once", async () => {
    let sent: Uint8Array | undefined;
    const lose = async (request: Request) => {
      sent = await bytesOf(request);
      throw cut();
    };
    const { kirin, server } = connect([lose]);
    await expect(kirin.upload(stream([FILE]))).rejects.toBeInstanceOf(ConnectionFailed);
    expect(sent).toEqual(FILE);
    expect(server.requests.length).toBe(1);
  });

  it("go as a form with the name of the file", async () => {
    const { kirin, server } = connect([answer(UPLOADED)]);
    await kirin.store(new File([FILE], "rain.png"));
    await kirin.store(FILE);
    const names = server.bodies.map((body) => /name="file"; filename="(.*)"/.exec(body)?.[1]);
    expect(names).toEqual(["rain.png", "file"]);
    expect(server.header("content-type")[0]).toMatch(/^multipart\/form-data; boundary=/);
  });

  it("are not begun with where there is no file", async () => {
    await expect(file(join(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("can be parameters, too", async () => {
    expect(await picture(new Blob(["abc"]))).toBe("YWJj");
    const many = new Uint8Array(200_000).fill(7);
    expect(Buffer.from(await picture(many), "base64").equals(many)).toBe(true);
  });
});

/** Has one file, and cuts the first answers after some bytes. */
function fileServer(cuts: number[], { ranges = true, tag = '"v1"' } = {}): Told {
  const left = [...cuts];
  return (request) => {
    const wanted = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
    const goesOn = wanted && ranges && request.headers.get("if-range") === tag;
    const first = goesOn ? Number(wanted[1]) : 0;
    const cutAt = left.shift();
    const pieces = [FILE.slice(first).slice(0, cutAt), ...(cutAt === undefined ? [] : [cut()])];
    return new Response(stream(pieces), {
      status: goesOn ? 206 : 200,
      headers: {
        ETag: tag,
        "Content-Length": String(FILE.length - first),
        ...(goesOn && { "Content-Range": `bytes ${first}-${FILE.length - 1}/${FILE.length}` }),
      },
    });
  };
}

describe("downloads", () => {
  it("go on where they broke", async () => {
    const { kirin, server } = connect([fileServer([1000, 0, 500, 1])], { maxRetries: 2 });
    expect(await kirin.read(LINK)).toEqual(FILE);
    expect(server.header("range")).toEqual([
      null,
      "bytes=1000-",
      "bytes=1000-",
      "bytes=1500-",
      "bytes=1501-",
    ]);
  });

  it("go on as a stream", async () => {
    const { kirin } = connect([fileServer([1000, 500])]);
    const found = await new Response(kirin.download(LINK) as BodyInit).arrayBuffer();
    expect(new Uint8Array(found)).toEqual(FILE);
  });

  it.each([{ ranges: false }, { tag: 'W/"v"' }])("begin again where they must: %o", async (how) => {
    const { kirin } = connect([fileServer([1000], how)]);
    expect(await kirin.read(LINK)).toEqual(FILE);
    const path = join(folder, "v.mp4");
    await save(connect([fileServer([1000], how)]).kirin, LINK, path);
    expect(new Uint8Array(await readFile(path))).toEqual(FILE);
  });

  it("fail as a stream where they would begin again", async () => {
    const { kirin } = connect([fileServer([1000], { ranges: false })]);
    const read = new Response(kirin.download(LINK) as BodyInit).arrayBuffer();
    await expect(read).rejects.toBeInstanceOf(UnreadableAnswer);
  });

  it("are whole or not there", async () => {
    const path = join(folder, "v.mp4");
    await writeFile(path, "old");
    const broken = connect([fileServer(Array(9).fill(0))], { maxRetries: 2 }).kirin;
    await expect(save(broken, LINK, path)).rejects.toBeInstanceOf(ConnectionFailed);
    const gone = connect([refused(404)]).kirin;
    await expect(save(gone, LINK, path)).rejects.toBeInstanceOf(NotFound);
    expect(await readdir(folder)).toEqual(["v.mp4"]);
    expect(await readFile(path, "utf8")).toBe("old");
    const { kirin, server } = connect([fileServer([])]);
    await expect(save(kirin, LINK, folder)).rejects.toThrow("is a folder");
    expect(server.requests.length).toBe(0);
  });

  it("notice an answer that is too short", async () => {
    const short = () => new Response(stream(["123"]), { headers: { "Content-Length": "9" } });
    const { kirin } = connect([short], { maxRetries: 1 });
    await expect(kirin.read(LINK)).rejects.toThrow("3 of 9 bytes");
  });

  it("do not take another part than was asked for", async () => {
    const wrong: Told = ({ headers }) =>
      headers.has("range")
        ? new Response("12", { status: 206, headers: { "Content-Range": "bytes 0-1/9" } })
        : new Response(stream(["12", cut()]), { headers: { ETag: '"v"', "Content-Length": "9" } });
    const { kirin } = connect([wrong]);
    await expect(kirin.read(LINK)).rejects.toThrow("bytes from 2");
  });

  it("show the key to the server alone", async () => {
    const { kirin, server } = connect([fileServer([])], { headers: { "X-Own": "1" } });
    for (const port of ["", ":81"]) await kirin.read(`http://kirin.test${port}/v`);
    await kirin.read("https://kirin.test/v");
    await kirin.read("http://elsewhere.test/v");
    expect(server.header("authorization")).toEqual(["Bearer secret-key", null, null, null]);
    expect(server.header("x-own")).toEqual(["1", null, null, null]);
  });

  it("take the right copy of a task", async () => {
    const content = [
      { type: "video", url: LINK, jobId: "j" },
      { type: "video", url: `${LINK}2`, jobId: "j", watermark: true },
    ];
    const done = task("completed", { output: [{ content, jobId: "j" }] }) as unknown as Task;
    const { kirin, server } = connect([fileServer([])]);
    await kirin.read(done);
    await kirin.read(done, { watermarked: true });
    expect(server.requests.map(({ url }) => url)).toEqual([LINK, `${LINK}2`]);
    await expect(kirin.read(task() as unknown as Task)).rejects.toBeInstanceOf(TypeError);
  });

  it("end when the caller wants it", async () => {
    const stop = new AbortController();
    const enough = new Error("enough");
    let opened = 0;
    const hangs: Told = (_, signal) => {
      if (++opened === 2) queueMicrotask(() => stop.abort(enough));
      const start = (sink: ReadableStreamDefaultController) =>
        signal.addEventListener("abort", () => sink.error(signal.reason));
      return new Response(new ReadableStream({ start }));
    };
    const { kirin, server } = connect([hangs]);
    const { signal } = stop;
    const streamed = new Response(kirin.download(LINK, { signal }) as BodyInit).arrayBuffer();
    const ends = [kirin.read(LINK, { signal }), streamed];
    expect((await Promise.allSettled(ends)).map((end) => Reflect.get(end, "reason"))).toEqual([
      enough,
      enough,
    ]);
    expect(server.requests.length).toBe(2);
  });
});
