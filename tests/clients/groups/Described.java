// A group as Java's admin client describes it, without what differs from run to run.

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;

final class Described {
    private Described() {}

    static Map<String, Object> group(Admin admin, String group) throws Exception {
        ConsumerGroupDescription found = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        Map<String, Object> row = new TreeMap<>();
        row.put("type", found.type().toString());
        row.put("state", found.groupState().toString());
        row.put("assignor", found.partitionAssignor());
        row.put("members", found.members().size());
        row.put("epochs_agree", found.groupEpoch().equals(found.targetAssignmentEpoch()));
        row.put("targets_reached", found.members().stream()
            .allMatch(member -> member.targetAssignment().map(member.assignment()::equals).orElse(false)));
        row.put("member_epochs", found.members().stream()
            .allMatch(member -> member.memberEpoch().equals(found.groupEpoch())));
        row.put("upgraded", found.members().stream().allMatch(member -> member.upgraded().orElse(false)));
        return row;
    }

    static Map<String, Object> listed(Admin admin, String group) throws Exception {
        GroupListing found = admin.listGroups().all().get().stream()
            .filter(listing -> listing.groupId().equals(group)).findFirst().orElseThrow();
        return new TreeMap<>(Map.of("type", found.type().map(Object::toString).orElse(""),
            "protocol", found.protocol(), "state", found.groupState().map(Object::toString).orElse("")));
    }
}
