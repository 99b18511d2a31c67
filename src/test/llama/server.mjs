// An OpenAI-compatible server over llama.cpp. It answers chat/completions and completions with what the model really
// writes, and refuses members that it does not know.
//
//   node server.mjs MODEL [PORT]      prints "listening PORT"
import {createServer} from "node:http";
import {getLlama, LlamaCompletion} from "node-llama-cpp";

const SEQUENCES = 4;
const KNOWN = new Set(["model", "messages", "prompt", "max_tokens", "temperature", "top_p", "top_k", "stop", "seed"]);

// One thread: several would spin while they wait for each other, which a busy machine makes endless.
const llama = await getLlama({gpu: false, build: "never", maxThreads: 1, progressLogs: false, logLevel: "error"});
const model = await llama.loadModel({modelPath: process.argv[2]});
const context = await model.createContext({sequences: SEQUENCES, contextSize: 1024, threads: 1});

const free = Array.from({length: SEQUENCES}, () => context.getSequence());
const waiting = [];
async function withSequence(work) {
    const sequence = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
    try {
        return await work(sequence);
    } finally {
        await sequence.clearHistory();
        const next = waiting.shift();
        if (next) next(sequence);
        else free.push(sequence);
    }
}

function promptOf(request, isChat) {
    if (!isChat) return request.prompt;
    const turns = request.messages.map(({role, content}) => {
        const text = typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
        return `<|im_start|>${role}\n${text}<|im_end|>\n`;
    });
    return turns.join("") + "<|im_start|>assistant\n";
}

let calls = 0;
async function answer(request, isChat) {
    const prompt = promptOf(request, isChat);
    const promptTokens = model.tokenize(prompt).length;
    const {response, metadata} = await withSequence((contextSequence) =>
        new LlamaCompletion({contextSequence, autoDisposeSequence: false}).generateCompletionWithMeta(prompt, {
            maxTokens: request.max_tokens ?? 16,
            temperature: request.temperature ?? 0,
            topP: request.top_p,
            topK: request.top_k,
            seed: request.seed,
            customStopTriggers: request.stop,
        }));
    const finish_reason = metadata.stopReason === "maxTokens" ? "length" : "stop";
    const choice = isChat
        ? {index: 0, message: {role: "assistant", content: response}, finish_reason}
        : {index: 0, text: response, finish_reason};
    const completionTokens = model.tokenize(response).length;
    return {
        id: `llama-${++calls}`,
        object: isChat ? "chat.completion" : "text_completion",
        created: Math.floor(Date.now() / 1000),
        model: request.model,
        choices: [choice],
        usage: {
            prompt_tokens: promptTokens,
            completion_tokens: completionTokens,
            total_tokens: promptTokens + completionTokens,
        },
    };
}

const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let status = 200;
    let body;
    try {
        const asked = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        const unknown = Object.keys(asked).filter((name) => !KNOWN.has(name));
        const isChat = request.url.endsWith("/chat/completions");
        if (unknown.length > 0) {
            status = 400;
            body = {error: {message: `unknown members: ${unknown.join(", ")}`}};
        } else if (isChat || request.url.endsWith("/completions")) {
            body = await answer(asked, isChat);
        } else {
            status = 404;
            body = {error: {message: `there is no ${request.url}`}};
        }
    } catch (fault) {
        status = 500;
        body = {error: {message: String(fault)}};
    }
    response.writeHead(status, {"Content-Type": "application/json"});
    response.end(JSON.stringify(body));
});
server.listen(Number(process.argv[3] ?? 0), "127.0.0.1", () => console.log(`listening ${server.address().port}`));
