// Writes a language model of random weights in the GGUF format: small enough to be made anew for each run, and a real
// model to the engine that loads it. What it says makes no sense, and is the same for the same seed.
//
//   node make-model.mjs FILE
import {writeFileSync} from "node:fs";

const EMBEDDING = 64;
const LAYERS = 2;
const HEADS = 4;
const FEED_FORWARD = 128;
const CONTEXT = 2048;
const ALIGNMENT = 32;

const CHATML =
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}" +
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

// A vocabulary that can spell anything: a token for each byte, and a few words.
const tokens = ["<unk>", "<s>", "</s>"];
const types = [2, 3, 3];
for (let byte = 0; byte < 256; byte++) {
    tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
    types.push(6);
}
for (const word of ["\u2581", ..."abcdefghijklmnopqrstuvwxyz", "\u2581the", "\u2581river", "\u2581stone", "\u2581sand"]) {
    tokens.push(word);
    types.push(1);
}

let state = 20240229;
function random() { // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const tensors = [];
function tensor(name, ...dimensions) {
    const size = dimensions.reduce((a, b) => a * b);
    const values = new Float32Array(size);
    for (let i = 0; i < size; i++) {
        values[i] = dimensions.length === 1 ? 1 : (random() - 0.5) * 0.4;
    }
    tensors.push({name, dimensions, values});
}
tensor("token_embd.weight", EMBEDDING, tokens.length);
for (let layer = 0; layer < LAYERS; layer++) {
    const at = (name) => `blk.${layer}.${name}.weight`;
    tensor(at("attn_norm"), EMBEDDING);
    for (const name of ["attn_q", "attn_k", "attn_v", "attn_output"]) tensor(at(name), EMBEDDING, EMBEDDING);
    tensor(at("ffn_norm"), EMBEDDING);
    tensor(at("ffn_gate"), EMBEDDING, FEED_FORWARD);
    tensor(at("ffn_up"), EMBEDDING, FEED_FORWARD);
    tensor(at("ffn_down"), FEED_FORWARD, EMBEDDING);
}
tensor("output_norm.weight", EMBEDDING);
tensor("output.weight", EMBEDDING, tokens.length);

// The format's numbers for its types.
const UINT32 = 4, INT32 = 5, FLOAT32 = 6, BOOL = 7, STRING = 8, ARRAY = 9;
const parts = [];
let written = 0;
function put(buffer) { parts.push(buffer); written += buffer.length; }
function u32(value) { const b = Buffer.alloc(4); b.writeUInt32LE(value); put(b); }
function u64(value) { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(value)); put(b); }
function i32(value) { const b = Buffer.alloc(4); b.writeInt32LE(value); put(b); }
function f32(value) { const b = Buffer.alloc(4); b.writeFloatLE(value); put(b); }
function string(value) { const b = Buffer.from(value, "utf8"); u64(b.length); put(b); }
const writers = {[UINT32]: u32, [INT32]: i32, [FLOAT32]: f32, [STRING]: string, [BOOL]: (v) => put(Buffer.from([v ? 1 : 0]))};
function entry(key, type, value, elements) {
    string(key);
    u32(type);
    if (type === ARRAY) {
        u32(elements);
        u64(value.length);
        value.forEach(writers[elements]);
    } else {
        writers[type](value);
    }
}

const entries = [
    ["general.architecture", STRING, "llama"],
    ["general.name", STRING, "random weights, for tests"],
    ["llama.context_length", UINT32, CONTEXT],
    ["llama.embedding_length", UINT32, EMBEDDING],
    ["llama.block_count", UINT32, LAYERS],
    ["llama.feed_forward_length", UINT32, FEED_FORWARD],
    ["llama.attention.head_count", UINT32, HEADS],
    ["llama.attention.head_count_kv", UINT32, HEADS],
    ["llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5],
    ["llama.rope.dimension_count", UINT32, EMBEDDING / HEADS],
    ["llama.vocab_size", UINT32, tokens.length],
    ["tokenizer.ggml.model", STRING, "llama"],
    ["tokenizer.ggml.tokens", ARRAY, tokens, STRING],
    ["tokenizer.ggml.scores", ARRAY, tokens.map((_, i) => -i), FLOAT32],
    ["tokenizer.ggml.token_type", ARRAY, types, INT32],
    ["tokenizer.ggml.unknown_token_id", UINT32, 0],
    ["tokenizer.ggml.bos_token_id", UINT32, 1],
    ["tokenizer.ggml.eos_token_id", UINT32, 2],
    ["tokenizer.ggml.add_bos_token", BOOL, true],
    ["tokenizer.chat_template", STRING, CHATML],
];
put(Buffer.from("GGUF"));
u32(3);
u64(tensors.length);
u64(entries.length);
entries.forEach((fields) => entry(...fields));
let offset = 0;
for (const {name, dimensions, values} of tensors) {
    string(name);
    u32(dimensions.length);
    dimensions.forEach(u64);
    u32(0); // float32
    u64(offset);
    offset += Math.ceil(values.byteLength / ALIGNMENT) * ALIGNMENT;
}
const pad = () => put(Buffer.alloc((ALIGNMENT - (written % ALIGNMENT)) % ALIGNMENT));
for (const {values} of tensors) {
    pad();
    put(Buffer.from(values.buffer));
}
pad();
writeFileSync(process.argv[2], Buffer.concat(parts));
