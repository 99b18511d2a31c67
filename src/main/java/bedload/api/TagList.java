package bedload.api;

import bedload.ledger.Tags;
import bedload.wire.Members;
import bedload.wire.Violations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tags of a request: a list of keys with values, no key twice, none of AWS's own. */
final class TagList {
  private static final String MEMBER = "tags";
  private static final int MAX_IN_REQUEST = 200;
  private static final String RESERVED_PREFIX = "aws:";

  private TagList() {}

  /** Returns the tags that a body has, in the order sent; none if it has no list of them. */
  static Map<String, String> optional(Members body, Violations violations) {
    return read(body.objects(MEMBER, 0, MAX_IN_REQUEST), violations);
  }

  /** Returns the tags that a body must have, in the order sent. */
  static Map<String, String> required(Members body, Violations violations) {
    return read(body.requiredObjects(MEMBER, 0, MAX_IN_REQUEST), violations);
  }

  /** Puts down if a resource that is yet to be made would have too many tags. */
  static void checkCount(int count, Violations violations) {
    if (count > Tags.MAX_PER_JOB) {
      violations.add(
          count + " tags", MEMBER, "A resource must have at most " + Tags.MAX_PER_JOB + " tags");
    }
  }

  private static Map<String, String> read(List<Members> sent, Violations violations) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Members tag : sent) {
      String key = tag.requiredText("key", MemberRules.TAG_KEY);
      String value = tag.requiredText("value", MemberRules.TAG_VALUE);
      if (key.toLowerCase(Locale.ROOT).startsWith(RESERVED_PREFIX)) {
        violations.add(key, tag.pathTo("key"), "Member must not begin with 'aws:'");
      }
      if (tags.put(key, value) != null) {
        violations.add(key, tag.pathTo("key"), "Member must not repeat the key of another tag");
      }
    }
    return tags;
  }
}
