package bedload.ledger;

import bedload.job.Job;

/**
 * A step that a job took.
 *
 * @param sequence grows with every event of a job
 * @param job the job as it stood after the step
 */
public record JobEvent(long sequence, Job job) {}
