package bedload.object;

import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * A key of KMS with which a store shall encrypt.
 *
 * @param id its ARN or id, or an alias of it
 */
record KmsKey(String id) {
  ServerSideEncryption algorithm() {
    return ServerSideEncryption.AWS_KMS;
  }

  /** Says whether the store has encrypted an object with this key. An alias may stand for any. */
  boolean hasEncrypted(HeadObjectResponse object) {
    String used = object.ssekmsKeyId();
    if (object.serverSideEncryption() != ServerSideEncryption.AWS_KMS || used == null) {
      return false;
    }
    boolean isAlias = id.startsWith("alias/") || id.contains(":alias/");
    return isAlias || used.equals(id) || used.endsWith("/" + id);
  }

  /** Returns in words how an object is encrypted. */
  static String encryption(HeadObjectResponse object) {
    if (object.serverSideEncryption() == null) {
      return "nothing";
    }
    return object.ssekmsKeyId() == null
        ? object.serverSideEncryptionAsString()
        : object.serverSideEncryptionAsString() + " " + object.ssekmsKeyId();
  }
}
