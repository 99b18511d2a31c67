package bedload.catalog;

/**
 * A column of an answer.
 *
 * @param type PostgreSQL's name of the type, of an array such as {@code text[]}
 */
public record AnswerColumn(String name, String type) {}
