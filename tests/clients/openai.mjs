// The SDK of OpenAI, step by step, as somebody's program would take them.
import OpenAI from "openai";

const { base_url, api_key } = JSON.parse(process.argv[2]);
const client = new OpenAI({ baseURL: base_url, apiKey: api_key });
const told = {};

const video = await client.videos.create({ model: "sora-2", prompt: "a tiny lake", seconds: "4" });
told.created = video.status;

console.log(JSON.stringify(told));
