// Runs ONNX files in onnxruntime on the CPU. The first argument is a manifest, a list of
// { "model": file, "input": file, "output": file, "shape": [...] }: raw 32-bit floats in and out, little endian.
// For each entry one line on the standard output: "ok" and the output's shape, or "failed" and why.
import { readFileSync, writeFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";

const manifest = JSON.parse(readFileSync(process.argv[2], "utf8"));
let session = null;
let loaded = null;
for (const entry of manifest) {
    try {
        if (loaded !== entry.model) {
            await session?.release();
            session = null;
            session = await InferenceSession.create(entry.model, { intraOpNumThreads: 1, executionProviders: ["cpu"] });
            loaded = entry.model;
        }
        const bytes = readFileSync(entry.input);
        const images = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
        const { logits } = await session.run({ images: new Tensor("float32", images, entry.shape) });
        writeFileSync(entry.output, Buffer.from(logits.data.buffer, logits.data.byteOffset, logits.data.byteLength));
        console.log(`ok ${logits.dims.join(",")}`);
    } catch (error) {
        loaded = null;
        console.log(`failed ${String(error.message ?? error).replaceAll("\n", " ")}`);
    }
}
