package bedload.web;

import bedload.job.AccountId;
import bedload.job.JobId;
import bedload.ledger.Ledger;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;

/**
 * The address of a job by its ARN, the one name that it has everywhere: of this service's own jobs
 * it leads to the page, of others to the row.
 */
record JobByArn(Ledger ledger, String region) {
  private static final String START = "arn:";

  void addTo(JavalinConfig config, Doorkeeper door) {
    config.routes.get("/jobs/" + START + "<rest>", door.reading(this::lead));
  }

  private void lead(Context context, Session session) {
    String name = START + context.pathParam("rest");
    String form = name.endsWith(".json") ? ".json" : "";
    String arn = name.substring(0, name.length() - form.length());
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    Doorkeeper.seeOther(
        context,
        isOwn(session, arn, id)
            ? "/jobs/" + id + form
            : "/sql" + form + "?sql=" + Requests.encoded(CatalogJob.question(arn)));
  }

  private boolean isOwn(Session session, String arn, String id) {
    return JobId.isValid(id)
        && ledger
            .find(new AccountId(session.account()), region, new JobId(id))
            .filter(job -> job.arn().equals(arn))
            .isPresent();
  }
}
