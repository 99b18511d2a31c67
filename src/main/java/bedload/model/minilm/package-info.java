/**
 * The embedding model that comes with bedload: all-MiniLM-L6-v2, run in this process by the ONNX
 * runtime. English, 384 dimensions, and the first 256 tokens of a text.
 */
@NullMarked
package bedload.model.minilm;

import org.jspecify.annotations.NullMarked;
