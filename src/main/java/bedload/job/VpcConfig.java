package bedload.job;

import java.util.List;

/** The network that a job asked for; kept and shown, of no effect on one's own machines. */
public record VpcConfig(List<String> subnetIds, List<String> securityGroupIds) {
  public VpcConfig {
    subnetIds = List.copyOf(subnetIds);
    securityGroupIds = List.copyOf(securityGroupIds);
  }
}
