package bedload.command;

import java.io.PrintWriter;
import java.util.Locale;

/** How an answer is written. */
enum AnswerFormat {
  /** For people: aligned columns, or one field a line where a row is wider than the terminal. */
  TABLE {
    @Override
    void write(SqlAnswer answer, PrintWriter out) {
      new TableFormat(out, Terminal.columns()).write(answer);
    }
  },
  /** An array of objects, one a line; structs nest. */
  JSON {
    @Override
    void write(SqlAnswer answer, PrintWriter out) {
      JsonFormat.write(answer, out);
    }
  },
  /** An object a line, for what reads line by line; structs nest. */
  JSONL {
    @Override
    void write(SqlAnswer answer, PrintWriter out) {
      JsonFormat.writeLines(answer, out);
    }
  },
  /** RFC 4180, with a header; structs and arrays are JSON. */
  CSV {
    @Override
    void write(SqlAnswer answer, PrintWriter out) {
      CsvFormat.write(answer, out);
    }
  };

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Writes all rows that are left. */
  abstract void write(SqlAnswer answer, PrintWriter out);
}
