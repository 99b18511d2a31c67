package bedload.model.body;

import bedload.job.TokenUsage;

/**
 * A server's answer in the form of the record's family.
 *
 * @param json a JSON object on one line
 */
@SuppressWarnings("ArrayRecordComponent") // bytes travel uncopied; nobody compares outputs
public record ModelOutput(byte[] json, TokenUsage usage) {}
