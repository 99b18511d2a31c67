package bedload.catalog;

/**
 * A column of an answer.
 *
 * @param type PostgreSQL's name of the type
 */
public record AnswerColumn(String name, String type) {}
