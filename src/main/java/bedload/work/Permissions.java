package bedload.work;

import bedload.job.Arns;
import bedload.job.Job;
import bedload.job.JobSpec;
import java.util.List;

/**
 * What jobs may reach, beyond what the object store itself refuses.
 *
 * @param roles the first that the job's role fits counts; a role that fits none may do nothing
 * @param storeHasKms whether the object store encrypts with keys of KMS. The embedded one keeps the
 *     headers for clients that always send them, and encrypts nothing
 */
public record Permissions(List<Role> roles, boolean storeHasKms) {
  /** Any role of the account; and no KMS, as in the embedded store. */
  public static final Permissions DEFAULT = new Permissions(List.of(Role.ANY), false);

  public Permissions {
    roles = List.copyOf(roles);
  }

  /**
   * Fails a job that asks for what its role may not have. What AWS says in such a case comes first.
   */
  void require(Job job) throws JobTrouble {
    JobSpec spec = job.spec();
    Role role =
        roles.stream()
            .filter(configured -> configured.isMeantBy(spec.roleArn()))
            .findFirst()
            .orElseThrow(
                () ->
                    new JobTrouble(
                        "The role %s is none that this service knows. Name one that is configured, or have it added to the setting `roles`."
                            .formatted(spec.roleArn())));
    requireBucket(spec, role, spec.input().uri().bucket(), "GetObject");
    requireBucket(spec, role, spec.output().uri().bucket(), "PutObject");
    String model = Arns.bareModelId(spec.modelId());
    if (!role.mayCall(model)) {
      throw new JobTrouble(
          "Customer doesn't have permissions to invokeModel: the role %s may not call %s. Name another role, or have the model added to it in the setting `roles`."
              .formatted(spec.roleArn(), model));
    }
    if (spec.output().encryptionKeyId() != null && !storeHasKms) {
      throw new JobTrouble(
          "The output shall be encrypted with the KMS key %s, and the object store of this service has no KMS. Create the job without s3EncryptionKeyId, or have the service use an S3 that has it (setting s3.endpoint)."
              .formatted(spec.output().encryptionKeyId()));
    }
  }

  private static void requireBucket(JobSpec spec, Role role, String bucket, String action)
      throws JobTrouble {
    if (!role.mayUseBucket(bucket)) {
      throw new JobTrouble(
          "Could not validate %s permissions to access S3 bucket: %s: the role %s may not use it. Name another role, or have the bucket added to it in the setting `roles`."
              .formatted(action, bucket, spec.roleArn()));
    }
  }
}
