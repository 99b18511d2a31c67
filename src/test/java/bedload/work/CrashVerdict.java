package bedload.work;

import bedload.CallAudit;

/**
 * What came of a case.
 *
 * @param where which kind of database it was
 * @param hung why the job did not end; empty if it did
 * @param row the job's status, successes and errors as the ledger has them
 */
record CrashVerdict(CrashCase wanted, String where, String hung, CallAudit audit, String row) {
  static CrashVerdict of(CrashCase wanted, String where, CallAudit audit, String row) {
    return new CrashVerdict(wanted, where, "", audit, row);
  }

  static CrashVerdict hung(CrashCase wanted, String where, String why) {
    return new CrashVerdict(wanted, where, why, new CallAudit(0, 0, 0, 0, 0), "");
  }

  /** Returns what the ledger has to say of the job. */
  String wantedRow() {
    return "%s %d 0".formatted(wanted.kind().end.wireName(), wanted.kind().answered);
  }

  /** Returns the most calls that its deaths may have repeated. */
  int mostRepeats() {
    return wanted.deaths().size() * DyingNode.MOST_IN_FLIGHT;
  }

  @Override
  public String toString() {
    return "%-9s %s".formatted(where, wanted);
  }
}
