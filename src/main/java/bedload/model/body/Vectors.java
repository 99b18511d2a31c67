package bedload.model.body;

import tools.jackson.core.JsonGenerator;

/** What embeddings are made into for an answer. */
final class Vectors {
  private Vectors() {}

  /** Returns the vector with length 1; one that is all zero stays so. */
  static float[] normalized(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    if (squares == 0) {
      return vector;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  /** Writes the numbers. */
  static void writeFloats(JsonGenerator writer, float[] vector) {
    writer.writeStartArray();
    for (float x : vector) {
      writer.writeNumber(x);
    }
    writer.writeEndArray();
  }

  /** Writes for each number whether it is above zero. */
  static void writeBits(JsonGenerator writer, float[] vector) {
    writer.writeStartArray();
    for (float x : vector) {
      writer.writeNumber(x > 0 ? 1 : 0);
    }
    writer.writeEndArray();
  }

  /**
   * Writes for each number whether it is above zero, eight to a byte, the first in the highest bit;
   * what is missing to a whole byte is zero.
   *
   * @param offset added to each byte
   */
  static void writePackedBits(JsonGenerator writer, float[] vector, int offset) {
    writer.writeStartArray();
    for (int start = 0; start < vector.length; start += 8) {
      int packed = 0;
      for (int i = start; i < start + 8; i++) {
        packed = packed << 1 | (i < vector.length && vector[i] > 0 ? 1 : 0);
      }
      writer.writeNumber(packed + offset);
    }
    writer.writeEndArray();
  }
}
