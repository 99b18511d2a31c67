/**
 * Amazon Bedrock's batch operations, one class each, named as AWS names them: the form of a request
 * is checked, the ledger is asked, the answer is written. What a job does is not decided here.
 */
@NullMarked
package bedload.api;

import org.jspecify.annotations.NullMarked;
